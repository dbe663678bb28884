import { changes } from "./changes.js";
import { openDialog } from "../ui/dialog.js";
import { button, h } from "../dom.js";
import { fieldName } from "./error-summary.js";
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { get } from "../api.js";
import { read } from "./paths.js";
import { settings } from "./settings.js";
import { isSecret, valueText } from "./values.js";

/**
 * Somebody saved while this draft was typed: shows what differs and lets the person choose. Nothing typed is lost unless that is the choice.
 * @param {() => void} redraw draws the view anew
 */
export async function resolveConflict(redraw) {
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
