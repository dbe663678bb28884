import { call, get, path } from "../api.js";
import { append, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { createForm } from "../settings/form.js";
import { settings } from "../settings/settings.js";
import { unsavedBar } from "../settings/save-bar.js";
import { notice, tellFault } from "../ui/dialog.js";
import { templateHead } from "./list.js";
import { valueStore } from "./draft.js";

/** The view `#/templates/{name}/options`: what holds for every mail of a template. */
export async function showOptions(main, name, signal) {
  const [{ data, etag }, head] = await Promise.all([get(path("templates", name, "options"), { signal }), templateHead(name, "options", signal), settings.load(signal)]);
  let tag = etag;
  const store = valueStore("template-options", valuesOf(data), (to) => to.view === "templates" && to.parts[0] === name && to.parts[1] === "options");
  const form = createForm("options", (field) => field, store);
  const element = h("form", { class: "form", novalidate: true, dataset: { form: "options" }, onsubmit: (event) => event.preventDefault() });
  append(element, [form.group("options", [
    { name: "enabled", kind: "switch", size: "wide" },
    { name: "transport", kind: "select", options: ["", ...settings.base.transports.map(({ id }) => id)] },
    { name: "priority", kind: "select", options: ["", "high", "normal", "bulk"] },
    { name: "from.address", type: "email", mono: true, optional: true }, { name: "from.name", optional: true },
    { name: "replyTo.address", type: "email", mono: true, optional: true },
    { name: "bcc", kind: "list", optional: true, size: "wide" },
    { name: "keepContent", kind: "switch", size: "wide" },
  ])]);
  const bar = unsavedBar({ isDirty: store.isDirty, cancel: () => { store.cancel(); showOptions(main, name, signal).catch(tellFault); }, save: run });
  store.onChange(() => { bar.draw(); form.showErrors(); });
  fill(main,
    head, element, bar.element);
  form.refresh();

  async function run() {
    const sent = store.values;
    try {
      const answer = await call("PUT", path("templates", name, "options"), { body: bodyOf(sent), ifMatch: tag });
      tag = answer.etag;
      store.adopt(valuesOf(answer.data), sent);
      notice(t("options.saved"));
    } catch (error) {
      if (error.status === 412) tag = `"${error.problem.current.version}"`;
      store.setErrors(Object.fromEntries(Object.entries(error.errors ?? {}).map(([field, texts]) => [field.replace(/^bcc.*/, "bcc"), texts])));
      const [first] = store.errors.keys();
      if (first) form.find(first)?.focus();
      else if (error.status === 412) notice(t("options.stale"), { kind: "warn", keep: true });
      else tellFault(error);
    }
  }
}

/** Boxes as one types them: blind copies are addresses, one a line. */
const valuesOf = (data) => ({ enabled: data.enabled, transport: data.transport ?? "", priority: data.priority ?? "", from: data.from, replyTo: data.replyTo, bcc: data.bcc.map(({ address }) => address), keepContent: data.keepContent });

const bodyOf = (values) => ({ ...values, bcc: values.bcc.map((address) => ({ address })) });
