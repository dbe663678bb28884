import { call, get } from "../api.js";
import { append, back, button, empty, fill, h } from "../dom.js";
import { faultsText } from "../format.js";
import { t } from "../i18n.js";
import { link } from "../router.js";
import { rebase } from "../settings/changes.js";
import { createForm } from "../settings/form.js";
import { unsavedBar } from "../settings/save-bar.js";
import { choice } from "../ui/choice.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { codeArea } from "./code-area.js";
import { faultsOf, valueStore } from "./draft.js";
import { previewPane } from "./preview.js";

const largestLogo = 48 * 1024;

/**
 * The view `#/templates/layout`: what stands around every mail.
 * @param {HTMLElement} main
 * @param {AbortSignal} signal
 * @param {(saved: object) => object} [typed] what stands in place of what is saved
 */
export async function showLayout(main, signal, typed) {
  const { data, etag } = await get("templates/layout", { signal });
  const again = (keep) => showLayout(main, signal, keep).catch(tellFault);
  const saved = { brandName: data.brandName, color: data.color, address: data.address, logo: data.logo, html: data.html, text: data.text };
  const store = valueStore("layout", saved, (to) => to.view === "templates" && to.parts[0] === "layout", data.locked, typed?.(saved));
  const form = createForm("layout", (name) => name, store);
  const place = h("div", { class: "editor-part" });
  const fault = h("p", { class: "error", role: "alert" });
  let part = "html";
  let area = null;
  const preview = previewPane({
    ask: () => ({ path: "templates/layout/preview", body: { locale: document.documentElement.lang, draft: store.values } }),
    wrong: (error) => mark(error), signal,
  });

  function mark(error) {
    const faults = error?.slug === "invalid-template" ? faultsOf(error) : [];
    area?.mark(faults.filter((one) => one.part === part));
    const elsewhere = faults.find((one) => one.part !== part) ?? (error && faults.length === 0 ? { message: faultsText(error) } : null);
    fault.textContent = elsewhere ? [elsewhere.part && t(`part.${elsewhere.part}`), elsewhere.message].filter(Boolean).join(": ") : "";
  }

  function drawPart() {
    const value = store.read(part);
    area = null;
    if (value === null || value === undefined) return fill(place, empty(t("layout.builtInFrame"), !data.locked && button(t("layout.editFrame"), () => { store.write(part, data.frames[part]); drawPart(); }, { act: "edit-frame" })));
    area = codeArea({ label: t(`content.${part}`), name: `frame-${part}`, value, readOnly: Boolean(data.locked), changed: (text) => store.write(part, text) });
    return fill(place, area.element, !data.locked && h("p", { class: "part-end" }, button(t("layout.dropFrame"), () => { store.write(part, null); drawPart(); }, { act: "drop-frame", kind: "quiet" })));
  }

  const element = h("form", { class: "editor-texts", novalidate: true, dataset: { form: "layout" }, onsubmit: (event) => event.preventDefault() });
  append(element, [
    form.group("look", [
      { name: "brandName", optional: true }, { name: "color", mono: true, size: "short" },
      { name: "address", optional: true, size: "wide" },
    ]),
    logoField(store, Boolean(data.locked)),
    h("fieldset", { class: "group" }, h("legend", null, t("layout.frame")), h("p", { class: "help" }, t("layout.frameHelp")),
      h("div", { class: "look" }, choice(t("preview.part"), [["html", t("content.html")], ["text", t("content.text")]], "html", (value) => { part = value; drawPart(); })), place, fault),
  ]);
  const bar = unsavedBar({ isDirty: store.isDirty, cancel: () => { store.cancel(); again(); }, save: run });
  store.onChange(() => { bar.draw(); form.showErrors(); preview.later(); });
  fill(main,
    back("#/templates", t("nav.templates")),
    h("div", { class: "title-row" }, h("h1", null, t("layout.title")), h("div", { class: "title-acts" },
      h("a", { class: "button quiet", href: link(["templates", "layout", "versions"]), dataset: { act: "versions" } }, t("history.title")),
      data.version > 0 && !data.locked && button(t("layout.reset"), () => reset(store, again), { act: "reset-layout", kind: "danger" }))),
    h("p", { class: "purpose" }, t("layout.purpose")),
    data.locked && h("p", { class: "hint locked" }, t("locked", { origin: data.locked })),
    h("div", { class: "editor" }, element, preview.element), bar.element);
  form.refresh();
  drawPart();
  preview.now();

  async function run() {
    const sent = store.values;
    try {
      await call("PUT", "templates/layout", { body: sent, ifMatch: etag });
      store.adopt(sent, sent);
      notice(t("layout.saved"));
      // As it stands when the view is drawn anew, and not before.
      await again((next) => rebase(sent, store.values, next));
    } catch (error) {
      store.setErrors(Object.fromEntries(Object.entries(error.errors ?? {}).filter(([path]) => !["html", "text"].includes(path))));
      mark(error);
      notice(error.status === 412 ? t("options.stale") : t("editor.refused"), { kind: "warn", keep: error.status === 412 });
    }
  }
}

/** A picture that goes with each mail. */
function logoField(store, isLocked) {
  const shown = h("div", { class: "logo-shown" });
  const error = h("p", { class: "error", role: "alert" });
  const file = h("input", { id: "layout-logo", name: "logo", type: "file", accept: "image/png,image/jpeg,image/gif", disabled: isLocked, "aria-describedby": "layout-logo-help", onchange: () => take() });
  const draw = () => {
    const logo = store.read("logo");
    fill(shown, logo && [h("img", { src: `data:${logo.contentType};base64,${logo.content}`, alt: t("layout.logo") }), !isLocked && button(t("layout.noLogo"), () => { store.write("logo", null); file.value = ""; draw(); }, { act: "remove-logo", kind: "quiet" })]);
  };
  draw();
  return h("fieldset", { class: "group" }, h("legend", null, t("layout.logo")), shown, h("div", { class: "field" }, h("label", { for: "layout-logo", class: "unseen" }, t("layout.logo")), file, h("p", { class: "help", id: "layout-logo-help" }, t("layout.logoHelp")), error));

  async function take() {
    const [chosen] = file.files;
    error.textContent = "";
    if (!chosen) return;
    if (chosen.size > largestLogo || !/^image\/(png|jpeg|gif)$/.test(chosen.type)) {
      error.textContent = t("layout.logoHelp");
      return;
    }
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    store.write("logo", { contentType: chosen.type, content: btoa(String.fromCharCode(...bytes)) });
    draw();
  }
}

async function reset(store, again) {
  if (!await ask({ title: t("layout.resetTitle"), text: t("editor.resetText"), confirm: t("layout.reset"), danger: true })) return;
  try {
    await call("DELETE", "templates/layout");
    store.cancel();
    notice(t("layout.wasReset"));
    await again();
  } catch (error) {
    tellFault(error);
  }
}
