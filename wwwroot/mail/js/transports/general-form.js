import { h } from "../dom.js";
import { createForm } from "../settings/form.js";

/** The settings that hold for all transports. */
export function generalForm() {
  const form = createForm("general", (name) => name);
  const element = h("form", { class: "form", novalidate: true, dataset: { form: "general" }, onsubmit: (event) => event.preventDefault() },
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
    ], { folded: true }));
  return { ...form, element };
}
