import { resolveConflict } from "./conflict.js";
import { button, h } from "../dom.js";
import { errorText, isAborted } from "../errors.js";
import { t } from "../i18n.js";
import { notice } from "../ui/notice.js";
import { settings } from "./settings.js";
import { refreshState } from "../state.js";

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
