import { fill, h } from "../dom.js";
import { t } from "../i18n.js";

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

/* HTML of a mail, made anew from elements and attributes that can do nothing: no script, no form, no address that is followed or fetched.
   The frame it goes into is sandboxed and under the page's policy besides; either alone would hold. */

const kept = new Set(("a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer "
  + "h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr").split(" "));
const gone = new Set("script style noscript template iframe frame frameset object embed applet svg math video audio canvas textarea select option button input title".split(" "));
const plain = new Set(("align alt bgcolor border cellpadding cellspacing class color colspan dir face height hspace id lang nowrap role rowspan size span start title type valign vspace width").split(" "));
const picture = /^data:image\/(png|gif|jpeg|webp|bmp|svg\+xml)[;,]/i;
const remote = /url\(\s*(['"]?)(?!\1\s*data:image\/)[^)]*\)/gi;

/**
 * Reads a mail's HTML.
 * @param {string} html
 * @returns {{ build: (target: Document, images: Map<string, string>) => { nodes: Node[], left: number }, styles: string, body: Element, lang: string }} `build` makes its content for a document; `left` counts pictures that would have to be fetched
 */
function readHtml(html) {
  const inert = makeInert(html);
  const source = new DOMParser().parseFromString(inert.html, "text/html");
  const styles = inert.styles.replace(remote, "none");
  const build = (target, images) => {
    const state = { target, images, left: 0 };
    return { nodes: [...source.body.childNodes].flatMap((node) => copy(node, state)), left: state.left };
  };
  return { build, styles, body: source.body, lang: source.documentElement.lang };
}

function copy(node, state) {
  if (node.nodeType === Node.TEXT_NODE) return [state.target.createTextNode(node.nodeValue)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const tag = node.localName;
  if (gone.has(tag)) return [];
  const inner = [...node.childNodes].flatMap((child) => copy(child, state));
  if (!kept.has(tag)) return inner;
  const element = state.target.createElement(tag);
  copyAttributes(node, element);
  if (tag === "img") showPicture(node, element, state);
  // A link says where it leads and leads nowhere.
  if (tag === "a" && node.hasAttribute("href")) {
    element.title = node.getAttribute("href");
    element.style.textDecoration ||= "underline";
  }
  element.append(...inner);
  return [element];
}

/** What an element says of itself, its style through the object model, which the page's policy allows. */
function copyAttributes(from, to) {
  for (const { name, value } of from.attributes) if (plain.has(name) || name.startsWith("aria-")) to.setAttribute(name, value);
  const style = from.getAttribute("data-style");
  if (style) to.style.cssText = style.replace(remote, "none");
}

function showPicture(node, element, state) {
  const address = (node.getAttribute("src") ?? "").trim();
  const known = address.toLowerCase().startsWith("cid:") ? state.images.get(safeDecode(address.slice(4))) : picture.test(address) ? address : undefined;
  if (known !== undefined) element.src = known;
  else state.left += 1;
}

function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/* Renames in HTML what a browser would try, and by the page's policy refuse with a complaint, while it only reads it. */

const named = /[^\s"'>/=]+/y;

/**
 * Takes style elements out, makes `base` an element that is none, and `style` and event attributes `data-style` and so on. One pass; what it misses is not run either.
 * @param {string} html
 * @returns {{ html: string, styles: string }}
 */
function makeInert(html) {
  const styles = [];
  const rest = html.replace(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, text) => {
    styles.push(text);
    return "";
  }).replace(/<(?=base\b)/gi, "<x-");
  const found = [];
  let from = 0;
  for (let at = rest.indexOf("<"); at >= 0; at = rest.indexOf("<", at + 1)) {
    if (!/[a-z]/i.test(rest[at + 1] ?? "")) continue;
    found.push(rest.slice(from, at));
    from = at;
    const { text, end } = tag(rest, at);
    found.push(text);
    from = at = end;
  }
  found.push(rest.slice(from));
  return { html: found.join(""), styles: styles.join("\n") };
}

/** One tag with its attributes renamed, and where it ends. */
function tag(html, start) {
  const found = [];
  let at = start + 1;
  let from = start;
  while (at < html.length && html[at] !== ">") {
    const sign = html[at];
    if (sign === "=") at = afterValue(html, at + 1);
    else if (/[\s/"']/.test(sign)) at += 1;
    else {
      named.lastIndex = at;
      const [name] = named.exec(html);
      if (at > start + 1 && /^(style|on\w+)$/i.test(name)) {
        found.push(html.slice(from, at), "data-", name);
        from = at + name.length;
      }
      at += name.length;
    }
  }
  return { text: found.join("") + html.slice(from, at), end: at };
}

/** Behind the value of an attribute, quoted or not. */
function afterValue(html, at) {
  while (/\s/.test(html[at] ?? "")) at += 1;
  const quote = html[at];
  if (quote === '"' || quote === "'") {
    const end = html.indexOf(quote, at + 1);
    return end < 0 ? html.length : end + 1;
  }
  while (at < html.length && !/[\s>]/.test(html[at])) at += 1;
  return at;
}
