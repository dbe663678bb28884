import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { openDialog } from "../ui/dialog.js";
import { lineDiff } from "./line-diff.js";

const around = 3;
const signs = { same: " ", removed: "−", added: "+" };

/**
 * Lines that came, went and stayed; what stayed is left out where it is far from any change.
 * @param {Array<{ op: "same"|"removed"|"added", text: string }>} lines
 */
export function diffLines(lines) {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ op }) => op !== "same"));
  if (!near.includes(true)) return h("p", { class: "muted" }, t("difference.none"));
  const shown = [];
  lines.forEach(({ op, text }, index) => {
    if (near[index]) shown.push(h("li", { class: op }, h("span", { class: "sign", "aria-hidden": "true" }, signs[op]), op !== "same" && h("span", { class: "unseen" }, t(`difference.${op}`)), h("code", null, text)));
    else if (near[index - 1] || index === 0) shown.push(h("li", { class: "gap muted" }, "…"));
  });
  return h("ol", { class: "lines-diff" }, shown);
}

/** The differences of each part, or that there are none. */
export const partsDiff = (diff) => Object.entries(diff).filter(([, lines]) => lines.some(({ op }) => op !== "same")).map(([part, lines]) => [h("h3", null, t(`part.${part}`)), diffLines(lines)]);

/** Compares two texts of a template, part by part. */
export const compare = (before, after) => Object.fromEntries(["subject", "html", "text"].map((part) => [part, lineDiff(before[part] ?? "", after[part] ?? "")]));

/** What is on the page against what was brought along. */
export function showDifference(base, values) {
  const parts = partsDiff(compare(base, values));
  const dialog = openDialog({ name: "difference", wide: true, title: t("difference.title"), body: [parts.length > 0 ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("difference.title") }, parts) : h("p", null, t("difference.none"))], actions: [button(t("close"), () => dialog.close(), { act: "close", kind: "primary" })] });
}
