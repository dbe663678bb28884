import { call, path } from "../api.js";
import { fill, h } from "../dom.js";
import { bytes, errorText, isAborted } from "../format.js";
import { t } from "../i18n.js";
import { choice } from "../ui/choice.js";
import { mailFrame } from "../ui/mail-frame.js";

const pause = 400;

/**
 * The mail as it would be, drawn anew while one types: HTML or text, wide or as on a phone, light or dark.
 * @param {{ ask: () => { path: string, body: object }, wrong: (error: Error|null) => void, seen?: (preview: object) => void, signal: AbortSignal }} parts `ask` says what is previewed; `wrong` is told a refusal, or null
 * @returns {{ element: HTMLElement, later: () => void, now: () => void }}
 */
export function previewPane({ ask, wrong, seen, signal }) {
  const look = { part: "html", phone: false, dark: false };
  const subject = h("p", { class: "preview-subject" });
  const frame = mailFrame(t("preview.title"));
  const text = h("pre", { class: "words tall", tabindex: "0", role: "region", "aria-label": t("content.text"), hidden: true });
  const notes = h("div", { class: "preview-notes", "aria-live": "polite" });
  const element = h("section", { class: "preview", "aria-label": t("preview.title") },
    h("div", { class: "look" },
      choice(t("preview.part"), [["html", t("content.html")], ["text", t("content.text")]], "html", (value) => { look.part = value; draw(); }),
      choice(t("look.width"), [["wide", t("look.wide")], ["phone", t("look.phone")]], "wide", (value) => { look.phone = value === "phone"; draw(); }),
      choice(t("look.scheme"), [["light", t("look.light")], ["dark", t("look.dark")]], "light", (value) => { look.dark = value === "dark"; draw(); })),
    subject, frame.element, text, notes);
  let shown = null;
  let timer = 0;
  let latest = null;
  signal.addEventListener("abort", () => { clearTimeout(timer); latest?.abort(); });

  function draw() {
    if (!shown) return;
    const asText = look.part === "text" || shown.html === null;
    fill(subject, h("span", { class: "muted" }, t("preview.subject"), " "), h("strong", { class: "break" }, shown.subject || t("messages.noSubject")));
    frame.element.hidden = asText;
    text.hidden = !asText;
    text.textContent = shown.text;
    if (!asText) frame.show(shown.html, look);
    fill(notes,
      shown.warnings.length > 0 && h("ul", { class: "hint" }, shown.warnings.map((warning) => h("li", { class: "break", dataset: { warning: warning.id } }, warning.text))),
      h("p", { class: "muted small" }, t("preview.size", { html: bytes(shown.size.html), text: bytes(shown.size.text) })));
  }

  async function now() {
    clearTimeout(timer);
    latest?.abort();
    latest = new AbortController();
    const asked = ask();
    if (!asked) return;
    try {
      const { data } = await call("POST", asked.path, { body: asked.body, signal: latest.signal });
      shown = data;
      element.classList.remove("old");
      wrong(null);
      draw();
      seen?.(data);
    } catch (error) {
      if (isAborted(error)) return;
      // What could be shown last is still shown, and said to be that.
      element.classList.add("old");
      wrong(error);
      if (!shown) fill(notes, h("p", { class: "muted" }, error.slug === "invalid-template" ? t("preview.none") : errorText(error)));
    }
  }

  return { element, now, later: () => { clearTimeout(timer); timer = setTimeout(now, pause); } };
}

/** The request for a template's preview. */
export const templatePreview = (name, body) => ({ path: path("templates", name, "preview"), body });
