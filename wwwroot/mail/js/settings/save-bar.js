import { button, h, whileBusy } from "../dom.js";
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { notice, openDialog, tellFault } from "../ui/dialog.js";
import { settings } from "./settings.js";
import { refreshState } from "../state.js";
import { changes, isSecret, valueText } from "./changes.js";
import { fieldName } from "./error-summary.js";
import { get } from "../api.js";
import { read } from "./paths.js";

/**
 * The bar at the bottom while something is not saved.
 * @param {{ test: () => void, redraw: () => void, firstError: () => void, signal: AbortSignal }} view `redraw` draws it anew from the draft, `firstError` goes to the first field with an error
 */
export function saveBar(view) {
  const bar = unsavedBar({
    isDirty: settings.isDirty, cancel: () => { settings.cancel(); view.redraw(); }, save: () => saveDraft(view),
    more: button(t("test.withThese"), view.test, { act: "test-draft" }),
  });
  view.signal.addEventListener("abort", settings.onChange(bar.draw));
  return bar.element;
}

/**
 * The bar of any form.
 * @param {{ isDirty: () => boolean, cancel: () => void, save: () => Promise<unknown>, more?: Node }} form `more` stands between Cancel and Save
 * @returns {{ element: HTMLElement, draw: () => void }} `draw` shows it where something is not saved
 */
export function unsavedBar({ isDirty, cancel, save, more }) {
  const act = button(t("save"), () => whileBusy(act, t("saving"), save), { act: "save", kind: "primary" });
  const element = h("div", { class: "save-bar", role: "region", "aria-label": t("unsaved.bar") },
    h("p", null, t("unsaved.bar")), h("div", { class: "actions" }, button(t("cancel"), () => act.ariaDisabled || cancel(), { act: "cancel" }), more, act));
  const draw = () => { element.hidden = !isDirty(); };
  draw();
  return { element, draw };
}

async function saveDraft(view) {
  try {
    const saved = await settings.save();
    notice(t("saved", { version: saved.version }));
    refreshState();
    view.redraw();
  } catch (error) {
    if (error.status === 412) await resolveConflict(view.redraw).catch(tellFault);
    else if (settings.errors.size > 0) view.firstError();
    else tellFault(error);
  }
}

/**
 * Somebody saved while this draft was typed: shows what differs and lets the person choose. Nothing typed is lost unless that is the choice.
 * @param {() => void} redraw draws the view anew
 */
async function resolveConflict(redraw) {
  const latest = await get("settings");
  const mine = changes(settings.base, settings.draft).filter(({ path }) => !quiet.test(path));
  const theirs = changes(settings.base, latest.data).filter(({ path }) => !quiet.test(path));
  const paths = [...new Set([...theirs, ...mine].map(({ path }) => path))];
  const close = (act) => () => { act(); dialog.close(); redraw(); };
  const dialog = openDialog({
    name: "conflict", wide: true, kind: "warn", title: t("conflict.title"),
    body: [
      h("p", null, t("conflict.text", { who: latest.data.updatedBy ?? t("conflict.somebody") }), " ", moment(latest.data.updatedAt)),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("conflict.differences") }, h("table", { class: "diff" },
        h("thead", null, h("tr", null, ["field", "theirs", "yours"].map((name) => h("th", { scope: "col" }, t(`conflict.${name}`))))),
        h("tbody", null, paths.map((path) => h("tr", null, h("th", { scope: "row" }, path === "transports" ? t("conflict.order") : fieldName(path)),
          cell("theirs", path, read(latest.data, path), theirs), cell("yours", path, read(settings.draft, path), mine)))))),
      h("p", { class: "muted" }, t("conflict.both")),
    ],
    actions: [
      button(t("conflict.back"), () => dialog.close(), { act: "keep-editing" }),
      button(t("conflict.reload"), close(() => settings.adopt(latest)), { act: "take-theirs", kind: "danger" }),
      button(t("conflict.rebase"), close(() => settings.rebaseOn(latest)), { act: "put-mine-on-top", kind: "primary" }),
    ],
  });
}

const quiet = /^(version|updatedAt|updatedBy|locked)\b/;

function cell(side, path, value, changed) {
  const shown = isSecret(path) ? t(value ? "conflict.secret" : "conflict.nothing") : valueText(value, path);
  return h("td", { class: changed.some((change) => change.path === path) ? "changed" : "muted", dataset: { label: t(`conflict.${side}`) } }, h("span", null, shown));
}
