import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { copyAttributes, readHtml } from "./safe-html.js";

const tallest = 1400;

/**
 * Shows a mail's HTML as a mail program would: in a frame without scripts, forms, links that lead away or pictures from elsewhere.
 * @param {string} title what a screen reader calls the frame
 * @returns {{ element: HTMLElement, show: (html: string, options?: { images?: Map<string, string>, dark?: boolean, phone?: boolean }) => void }}
 */
export function mailFrame(title) {
  // Same origin, so that this page can write into it; without allow-scripts nothing in it runs.
  const frame = h("iframe", { class: "mail-frame", sandbox: "allow-same-origin", title });
  const note = h("p", { class: "help", role: "status" });
  const element = h("div", { class: "mail-frame-place" }, frame, note);
  let content = null;
  // Also when the frame is moved, which empties it.
  frame.addEventListener("load", write);

  function show(html, { images = new Map(), dark = false, phone = false } = {}) {
    content = { html, images, dark };
    frame.classList.toggle("phone", phone);
    if (frame.contentDocument?.body) write();
  }

  function write() {
    const target = frame.contentDocument;
    if (!content || !target?.body) return;
    const { build, styles, body, lang } = readHtml(content.html);
    const { nodes, left } = build(target, content.images);
    const root = target.documentElement;
    for (const { name } of [...target.body.attributes]) target.body.removeAttribute(name);
    copyAttributes(body, target.body);
    root.lang = lang;
    root.style.colorScheme = content.dark ? "dark" : "light";
    frame.style.colorScheme = root.style.colorScheme;
    target.adoptedStyleSheets = [sheet(frame, styles, content.dark)];
    target.body.replaceChildren(...nodes);
    fill(note, left > 0 && t("mailFrame.left", { n: left }));
    fit();
    // Pictures have no size before they are read.
    Promise.all([...target.images].map((image) => image.decode().catch(() => {}))).then(fit);
  }

  /** Its own height, so that the page scrolls and not the frame. */
  function fit() {
    const root = frame.contentDocument?.documentElement;
    if (!root) return;
    frame.style.height = "0";
    frame.style.height = `${Math.min(tallest, Math.max(120, root.scrollHeight + 24))}px`;
  }

  return { element, show };
}

/** The mail's own styles, with its question for light or dark answered by the choice on the page. */
function sheet(frame, styles, dark) {
  const own = new frame.contentWindow.CSSStyleSheet();
  own.replaceSync(styles.replace(/\(\s*prefers-color-scheme\s*:\s*(\w+)\s*\)/gi, (_, scheme) => ((scheme.toLowerCase() === "dark") === dark ? "(min-width: 0px)" : "(max-width: 0px)")));
  return own;
}
