import { button, empty, fill, h } from "../dom.js";
import { errorText } from "../format.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { unsavedBar } from "../settings/save-bar.js";
import { choice } from "../ui/choice.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { codeArea } from "./code-area.js";
import { resolveStale, showDifference } from "./difference.js";
import { draft, faultsOf } from "./draft.js";
import { localePicker, templateHead } from "./list.js";
import { previewPane, templatePreview } from "./preview.js";
import { sampleArea, variablesPane } from "./variables.js";
import { sendSample } from "./send.js";

/** The view of one template in one locale: what it says, beside it the mail as it would be. */
export async function showEditor(main, name, to, signal) {
  await draft.open(name, to.query.locale, to.query.new === "yes" || to.query.locale !== undefined, signal);
  if (signal.aborted) return;
  const { about, locale, isNew } = draft.now;
  const locked = isNew ? null : about?.locked ?? null;
  const again = () => showEditor(main, name, { ...to, query: { locale } }, signal).catch(tellFault);
  const sample = sampleArea(about?.sample ?? {}, () => preview.later());
  let derived = "";
  let faults = [];

  const head = await templateHead(name, "", signal, { locale, acts: (known) => [
    localePicker(name, locale, known?.locales ?? []),
    !isNew && about.base && button(t("editor.compare"), () => showDifference(about.base, draft.now.values), { act: "compare-base" }),
    !isNew && about.edited && locked === null && button(t(about.origin === "added" ? "editor.remove" : "editor.reset"), () => reset(about, again), { act: "reset-template", kind: "danger" }),
    button(t("test.send"), () => sample.read((model) => sendSample(name, { locale, model, draft: draft.payload() })), { act: "test-template", kind: "primary" })] });
  const { values } = draft.now;
  const subject = h("input", { id: "template-subject", name: "subject", value: values.subject ?? "", readOnly: locked !== null, autocomplete: "off", "aria-describedby": "template-subject-error", oninput: () => write("subject", subject.value) });
  const subjectError = h("p", { class: "error", id: "template-subject-error" });
  const place = h("div", { class: "editor-part" });
  const faultLine = h("p", { class: "error", role: "alert" });
  let area = null;
  let part = values.html === null ? "text" : "html";

  const preview = previewPane({
    ask: () => {
      const texts = draft.payload();
      return texts.html || texts.text ? sample.read((model) => templatePreview(name, { locale, model, draft: texts })) : null;
    },
    wrong: (error) => mark(error ? (error.slug === "invalid-template" ? faultsOf(error) : [{ part: null, line: null, message: errorText(error) }]) : []),
    seen: (shown) => { derived = shown.text; },
    signal,
  });

  function write(which, text) {
    draft.write(which, text);
    preview.later();
  }

  function drawPart() {
    area = null;
    const value = draft.now.values[part];
    if (value === null) {
      fill(place, empty(t(`editor.no.${part}`), locked === null && button(t(`editor.write.${part}`), () => { write(part, part === "text" ? derived : ""); drawPart(); }, { act: "write-part" })));
      return;
    }
    area = codeArea({ label: t(`content.${part}`), name: part, value, readOnly: locked !== null, changed: (text) => write(part, text) });
    const other = part === "text" ? "html" : "text";
    fill(place, area.element, locked === null && draft.now.values[other] !== null && h("p", { class: "part-end" }, button(t(`editor.drop.${part}`), () => { write(part, null); drawPart(); }, { act: "drop-part", kind: "quiet" })));
    mark(faults);
  }

  function mark(found) {
    faults = found;
    subjectError.textContent = found.filter((fault) => fault.part === "subject").map(({ message }) => message).join(" · ");
    subject.setAttribute("aria-invalid", String(subjectError.textContent !== ""));
    area?.mark(found.filter((fault) => fault.part === part));
    const elsewhere = found.find((fault) => fault.part !== part && fault.part !== "subject");
    faultLine.textContent = elsewhere ? [elsewhere.part && t(`content.${elsewhere.part}`), elsewhere.line && t("code.at", { line: elsewhere.line, column: elsewhere.column ?? 1 }), elsewhere.message].filter(Boolean).join(": ") : "";
  }

  const bar = saveBar({ again, mark, signal });
  fill(main,
    head,
    locked !== null && h("p", { class: "hint locked" }, t("locked", { origin: locked })),
    isNew && h("p", { class: "hint" }, t(about ? "editor.newLocale" : "editor.new", { locale })),
    h("div", { class: "editor" },
      h("div", { class: "editor-texts" },
        h("div", { class: "field" }, h("label", { for: "template-subject" }, t("preview.subject")), subject, subjectError),
        h("div", { class: "look" }, choice(t("preview.part"), [["html", t("content.html")], ["text", t("content.text")]], part, (value) => { part = value; drawPart(); })),
        place, faultLine,
        variablesPane(about?.variables ?? [], (text) => area?.insert(text)), sample.element),
      preview.element),
    bar);
  drawPart();
  preview.now();
}

function saveBar({ again, mark, signal }) {
  const bar = unsavedBar({ isDirty: () => draft.isDirty() || draft.now?.isNew, cancel: () => { draft.cancel(); again(); }, save: run });
  signal.addEventListener("abort", draft.onChange(bar.draw));
  return bar.element;

  async function run() {
    try {
      const { version } = await draft.save();
      notice(t("editor.saved", { version }));
      await again();
    } catch (error) {
      if (error.status === 412) return resolveStale(error.problem.current, again);
      if (error.slug === "invalid-template") {
        const faults = faultsOf(error);
        mark(faults);
        return notice(t("editor.refused"), { kind: "warn", lines: [faults[0]?.message] });
      }
      tellFault(error);
    }
  }
}

async function reset(about, again) {
  const isAdded = about.origin === "added";
  if (!await ask({ title: t(isAdded ? "editor.removeTitle" : "editor.resetTitle"), text: t(isAdded ? "editor.removeText" : "editor.resetText"), confirm: t(isAdded ? "editor.remove" : "editor.reset"), danger: true })) return;
  try {
    await draft.reset();
    notice(t(isAdded ? "editor.removed" : "editor.wasReset"));
    if (isAdded) go("#/templates");
    else await again();
  } catch (error) {
    tellFault(error);
  }
}
