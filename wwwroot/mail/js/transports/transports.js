/* The list of transports and the general settings; one transport's form is a view of its own over the same draft. */

import { button, fill, h } from "../dom.js";
import { errorSummary } from "../settings/error-summary.js";
import { generalForm } from "./general-form.js";
import { t } from "../i18n.js";
import { transportOf } from "../settings/paths.js";
import { redrawable } from "../ui/redraw.js";
import { go, link, replace } from "../router.js";
import { saveBar } from "../settings/save-bar.js";
import { settings } from "../settings/settings.js";
import { testMail } from "../diagnosis/test-mail.js";
import { transportCards } from "./cards.js";
import { exportSettings } from "./export.js";
import { importSettings } from "./import.js";

/** The views `#/transports` and `#/transports/{id}`; `?field={path}` puts the focus on a field. */
export async function showTransports(main, to, signal) {
  const [id = to.query.signIn && to.query.transport] = to.parts;
  if (id !== undefined) return (await import("./edit.js")).showTransport(main, id, to, signal);
  await settings.load(signal, Boolean(to.query.field));
  if (!signal.aborted) showList(main, to, signal);
}

function showList(main, to, signal) {
  let field = to.query.field;
  if (field) replace(link(["transports"]));
  redrawable(signal, (drawing, again) => {
    const form = generalForm(again);
    const visit = (path) => visitField(form, path);
    const summary = errorSummary(visit);
    const any = settings.draft.transports.length > 0;
    const firstError = () => { form.refresh(); summary.draw(); visit([...settings.errors.keys()][0]); };
    const add = (act, kind) => button(t("transports.add"), async () => (await import("./edit.js")).addTransport(), { act, kind });
    fill(main,
      h("div", { class: "title-row" }, h("h1", null, t("nav.transports")), h("div", { class: "title-acts" },
        h("a", { class: "button quiet", href: "#/history", dataset: { act: "history" } }, t("history.title")),
        button(t("export.act"), exportSettings, { act: "export", kind: "quiet" }),
        button(t("import.act"), () => importSettings(again), { act: "import", kind: any ? "quiet" : null }),
        any && add("add-transport", settings.isDirty() ? null : "primary"))),
      h("p", { class: "purpose" }, t("transports.purpose")),
      summary.element,
      any ? transportCards(drawing, again) : h("div", { class: "empty" }, h("p", null, t("transports.empty")), add("add-transport", "primary")),
      form.element,
      saveBar({ test: () => testMail(), redraw: again, firstError, signal: drawing }));
    form.refresh();
    drawing.addEventListener("abort", settings.onChange(() => { summary.draw(); form.showErrors(); }));
    if (field) visit(field);
    field = null;
  });
}

/** Goes to the field of a path, in whichever view it is. */
function visitField(form, path = "") {
  const id = transportOf(path);
  if (id !== null) return go(link(["transports", id], { field: path }));
  const control = form.find(path);
  control?.focus();
  control?.scrollIntoView({ block: "center" });
}
