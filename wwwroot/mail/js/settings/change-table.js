import { h } from "../dom.js";
import { t } from "../i18n.js";
import { fieldName } from "./error-summary.js";
import { isSecret, valueText } from "./values.js";

/**
 * Differences of settings, a row each.
 * @param {Array<{ path: string, before?: unknown, after?: unknown }>} list
 * @param {[string, string]} heads what the two columns are called
 */
export function changeTable(list, [before, after]) {
  const cell = (label, { path, ...both }, side) => h("td", { class: side === "after" ? "changed" : "muted", dataset: { label } }, h("span", null, isSecret(path) ? t("conflict.secret") : valueText(both[side])));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("conflict.differences") }, h("table", { class: "diff" },
    h("thead", null, h("tr", null, [t("conflict.field"), before, after].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", null, list.map((change) => h("tr", null, h("th", { scope: "row" }, change.path === "transports" ? t("conflict.order") : fieldName(change.path)), cell(before, change, "before"), cell(after, change, "after"))))));
}
