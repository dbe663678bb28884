import { call, get, path } from "../api.js";
import { append, button, fill, h } from "../dom.js";
import { errorText } from "../format.js";
import { t } from "../i18n.js";
import { link } from "../router.js";
import { createForm } from "../settings/form.js";
import { settings } from "../settings/settings.js";
import { notice } from "../ui/dialog.js";
import { tabs } from "../ui/choice.js";
import { valueStore } from "./draft.js";

/** The view `#/templates/{name}/options`: what holds for every mail of a template. */
export async function showOptions(main, name, signal) {
  const [{ data, etag }] = await Promise.all([get(path("templates", name, "options"), { signal }), settings.load(signal)]);
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
  const save = button(t("save"), () => run(), { act: "save", kind: "primary" });
  const bar = h("div", { class: "save-bar", role: "region", "aria-label": t("unsaved.bar"), hidden: true }, h("p", null, t("unsaved.bar")),
    h("div", { class: "actions" }, button(t("cancel"), () => { store.cancel(); showOptions(main, name, signal); }, { act: "cancel" }), save));
  store.onChange(() => { bar.hidden = !store.isDirty(); form.showErrors(); });
  fill(main,
    h("p", { class: "back" }, h("a", { href: "#/templates" }, `← ${t("nav.templates")}`)),
    h("div", { class: "title-row" }, h("h1", { class: "break" }, name)),
    tabs(t("templates.parts"), [["", "text"], ["options", "options"], ["versions", "versions"]].map(([where, word]) => ({ name: where, href: link(["templates", name, where].filter(Boolean)), text: t(`templates.part.${word}`) })), "options"),
    element, bar);
  form.refresh();

  async function run() {
    save.disabled = true;
    try {
      const answer = await call("PUT", path("templates", name, "options"), { body: bodyOf(store.values), ifMatch: tag });
      tag = answer.etag;
      store.adopt(valuesOf(answer.data));
      notice(t("options.saved"));
    } catch (error) {
      if (error.status === 412) tag = `"${error.problem.current.version}"`;
      store.setErrors(Object.fromEntries(Object.entries(error.errors ?? {}).map(([field, texts]) => [field.replace(/^bcc.*/, "bcc"), texts])));
      const [first] = store.errors.keys();
      if (first) form.find(first)?.focus();
      else notice(error.status === 412 ? t("options.stale") : errorText(error), { kind: "warn", keep: true });
    } finally {
      save.disabled = false;
    }
  }
}

/** Boxes as one types them: blind copies are addresses, one a line. */
const valuesOf = (data) => ({ enabled: data.enabled, transport: data.transport ?? "", priority: data.priority ?? "", from: data.from, replyTo: data.replyTo, bcc: data.bcc.map(({ address }) => address), keepContent: data.keepContent });

const bodyOf = (values) => ({ ...values, bcc: values.bcc.map((address) => ({ address })) });
