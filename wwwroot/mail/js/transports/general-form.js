import { append, button, fill, h } from "../dom.js";
import { createForm } from "../settings/form.js";
import { t } from "../i18n.js";
import { settings } from "../settings/settings.js";

/**
 * The settings that hold for all transports.
 * @param {() => void} redraw draws the view anew
 */
export function generalForm(redraw) {
  const form = createForm("general", (name) => name);
  const dkim = dkimForm(redraw);
  const element = h("form", { class: "form", novalidate: true, dataset: { form: "general" }, onsubmit: (event) => event.preventDefault() });
  append(element, [
    form.group("mail", [
      { name: "enabled", kind: "switch", size: "wide" },
      { name: "from.address", type: "email", mono: true, placeholder: "no-reply@example.com" },
      { name: "from.name", optional: true },
      { name: "replyTo.address", type: "email", mono: true, optional: true },
      { name: "subjectPrefix", optional: true, placeholder: "[Example]" },
      { name: "adminAddress", type: "email", mono: true, placeholder: "admin@example.com" },
    ]),
    form.group("sender", [
      { name: "envelopeFrom", type: "email", mono: true, optional: true },
      { name: "forceFrom", kind: "switch", size: "wide" },
    ], { folded: true }),
    dkim.element,
  ]);
  const all = [form, ...dkim.forms];
  const each = (act) => () => { for (const one of all) one[act](); };
  return { element, refresh: each("refresh"), showErrors: each("showErrors"), find: (path) => all.map((one) => one.find(path)).find(Boolean) ?? null };
}

/**
 * The keys that sign mail, one for a domain and selector.
 * @param {() => void} redraw draws the view anew
 * @returns {{ element: HTMLElement, forms: Array<ReturnType<typeof createForm>> }}
 */
function dkimForm(redraw) {
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
