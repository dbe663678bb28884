import { button, h } from "../dom.js";
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { openDialog } from "../ui/dialog.js";
import { compare, partsDiff } from "./difference.js";
import { draft } from "./draft.js";

/**
 * Somebody saved the template while this one was typed: shows what differs and lets the person choose.
 * @param {object|null} current what is in force; null where it was removed
 * @param {() => void} again draws the view anew
 */
export function resolveStale(current, again) {
  const theirs = current ?? { subject: "", html: null, text: null, version: 0 };
  const close = (act) => () => { act(); dialog.close(); again(); };
  const dialog = openDialog({
    name: "conflict", wide: true, kind: "warn", title: t("editor.staleTitle"),
    body: [
      h("p", null, t("conflict.text", { who: theirs.updatedBy ?? t("conflict.somebody") }), " ", theirs.updatedAt && moment(theirs.updatedAt)),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("conflict.differences") }, partsDiff(compare(theirs, draft.now.values))),
      h("p", { class: "muted" }, t("editor.staleHelp")),
    ],
    actions: [
      button(t("conflict.back"), () => dialog.close(), { act: "keep-editing" }),
      button(t("conflict.reload"), close(() => { draft.rebaseOn(theirs); draft.cancel(); }), { act: "take-theirs", kind: "danger" }),
      button(t("editor.keepMine"), close(() => draft.rebaseOn(theirs)), { act: "put-mine-on-top", kind: "primary" }),
    ],
  });
}
