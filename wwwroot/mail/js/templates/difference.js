import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { openDialog } from "../ui/dialog.js";
import { moment } from "../format.js";
import { draft } from "./draft.js";

const around = 3;
const signs = { same: " ", removed: "−", added: "+" };

/**
 * Lines that came, went and stayed; what stayed is left out where it is far from any change.
 * @param {Array<{ op: "same"|"removed"|"added", text: string }>} lines
 */
function diffLines(lines) {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ op }) => op !== "same"));
  if (!near.includes(true)) return h("p", { class: "muted" }, t("difference.none"));
  const shown = [];
  lines.forEach(({ op, text }, index) => {
    if (near[index]) shown.push(h("li", { class: op }, h("span", { class: "sign", "aria-hidden": "true" }, signs[op]), op !== "same" && h("span", { class: "unseen" }, t(`difference.${op}`)), h("code", null, text)));
    else if (near[index - 1] || index === 0) shown.push(h("li", { class: "gap muted" }, "…"));
  });
  return h("ol", { class: "lines-diff" }, shown);
}

/** The differences of each part, below headings that fit where they stand. */
export const partsDiff = (diff, heading = "h3") => Object.entries(diff).filter(([, lines]) => lines.some(({ op }) => op !== "same")).map(([part, lines]) => [h(heading, null, t(`part.${part}`)), diffLines(lines)]);

/** Compares two texts of a template, part by part. */
const compare = (before, after) => Object.fromEntries(["subject", "html", "text"].map((part) => [part, lineDiff(before[part] ?? "", after[part] ?? "")]));

/** What is on the page against what was brought along. */
export function showDifference(base, values) {
  const parts = partsDiff(compare(base, values));
  const dialog = openDialog({ name: "difference", wide: true, title: t("difference.title"), body: [parts.length > 0 ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("difference.title") }, parts) : h("p", null, t("difference.none"))], actions: [button(t("close"), () => dialog.close(), { act: "close", kind: "primary" })] });
}

/* What differs between two texts, line by line. */

const mostCells = 4_000_000;

/**
 * @param {string} before
 * @param {string} after
 * @returns {Array<{ op: "same"|"removed"|"added", text: string }>}
 */
function lineDiff(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (text) => ({ op: "same", text });
  return [...a.slice(0, head).map(same), ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)), ...a.slice(a.length - tail).map(same)];
}

/** The longest common subsequence; beyond a bound, all of one and then all of the other. */
function middle(a, b) {
  const removed = (text) => ({ op: "removed", text });
  const added = (text) => ({ op: "added", text });
  if (a.length * b.length > mostCells) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ op: "same", text: a[i] });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) found.push(removed(a[i++]));
    else found.push(added(b[j++]));
  }
  return found;
}

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
