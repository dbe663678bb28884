import { append, h } from "../dom.js";
import { createForm } from "../settings/form.js";
import { dkimForm } from "./dkim-form.js";

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
