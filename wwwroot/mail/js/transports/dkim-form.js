import { append, button, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { createForm } from "../settings/form.js";
import { settings } from "../settings/settings.js";

/**
 * The keys that sign mail, one for a domain and selector.
 * @param {() => void} redraw draws the view anew
 * @returns {{ element: HTMLElement, forms: Array<ReturnType<typeof createForm>> }}
 */
export function dkimForm(redraw) {
  const keys = settings.draft.dkim ?? [];
  const forms = keys.map((_, index) => createForm("dkim", (name) => `dkim[${index}].${name}`));
  const element = h("details", { class: "group", dataset: { group: "dkim" }, open: wasOpen }, h("summary", null, t("g.general.dkim")));
  element.addEventListener("toggle", () => { wasOpen = element.open; });
  append(element, [
    h("p", { class: "help" }, t("dkim.help")),
    forms.map((form, index) => entry(form, index, redraw)),
    button(t("dkim.add"), () => add(redraw), { act: "add-dkim" }),
  ]);
  return { element, forms };
}

let wasOpen = false;

function entry(form, index, redraw) {
  const record = h("p", { class: "help" });
  const draw = () => {
    const { domain, selector } = settings.draft.dkim[index];
    fill(record, domain && selector && [t("dkim.record"), " ", h("code", { class: "break" }, `${selector}._domainkey.${domain}`)]);
  };
  draw();
  return h("fieldset", { class: "sub-group" }, h("legend", { class: "unseen" }, t("dkim.key", { n: index + 1 })), h("div", { class: "fields" },
    form.field({ name: "domain", mono: true, required: true, placeholder: "example.com", changed: draw }),
    form.field({ name: "selector", mono: true, required: true, placeholder: "s1", changed: draw }),
    form.field({ name: "privateKey", kind: "secret", area: true, stored: "hasKey", placeholder: "-----BEGIN PRIVATE KEY-----" })),
  record,
  button(t("dkim.remove"), () => { settings.draft.dkim.splice(index, 1); settings.touched(); redraw(); }, { act: "remove-dkim", kind: "danger", disabled: settings.isPartlyLocked("dkim") }));
}

function add(redraw) {
  const domain = settings.read("from.address")?.split("@")[1] ?? "";
  settings.draft.dkim = [...(settings.draft.dkim ?? []), { domain, selector: "", hasKey: false }];
  settings.touched();
  wasOpen = true;
  redraw();
  document.querySelector('[data-group="dkim"] fieldset:last-of-type input')?.focus();
}
