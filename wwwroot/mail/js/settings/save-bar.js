import { button, h } from "../dom.js";
import { errorText, isAborted, moment } from "../format.js";
import { t } from "../i18n.js";
import { notice, openDialog } from "../ui/dialog.js";
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
  const save = button(t("save"), () => saveDraft(save, view), { act: "save", kind: "primary" });
  const element = h("div", { class: "save-bar", role: "region", "aria-label": t("unsaved.bar") },
    h("p", null, t("unsaved.bar")),
    h("div", { class: "actions" },
      button(t("cancel"), () => { settings.cancel(); view.redraw(); }, { act: "cancel" }),
      button(t("test.withThese"), view.test, { act: "test-draft" }),
      save));
  const draw = () => { element.hidden = !settings.isDirty(); };
  const stop = settings.onChange(draw);
  view.signal.addEventListener("abort", stop);
  draw();
  return element;
}

async function saveDraft(button_, view) {
  button_.disabled = true;
  button_.textContent = t("saving");
  try {
    const saved = await settings.save();
    notice(t("saved", { version: saved.version }));
    refreshState();
    view.redraw();
  } catch (error) {
    if (!isAborted(error)) await explain(error, view);
  } finally {
    button_.disabled = false;
    button_.textContent = t("save");
  }
}

async function explain(error, view) {
  if (error.slug === "stale-version" || error.status === 412) return resolveConflict(view.redraw).catch((second) => notice(errorText(second), { kind: "warn", keep: true }));
  if (settings.errors.size > 0) return view.firstError();
  notice(errorText(error), { kind: "warn", keep: true });
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
          cell(path, read(latest.data, path), theirs.some((change) => change.path === path)), cell(path, read(settings.draft, path), mine.some((change) => change.path === path))))))),
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

function cell(path, value, isChanged) {
  const shown = isSecret(path) ? t(value ? "conflict.secret" : "conflict.nothing") : valueText(value);
  return h("td", { class: isChanged ? "changed" : "muted" }, shown);
}
