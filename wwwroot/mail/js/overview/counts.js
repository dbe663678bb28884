/* What became of mail in a window of time: a row of bars for each outcome, and the same figures as a table behind them. */

import { fill, h } from "../dom.js";
import { clock, dayOfMonth, localMinute, number } from "../format.js";
import { t, word } from "../i18n.js";
import { link } from "../router.js";

const shown = ["sent", "deferred", "failed"];
const rest = ["captured", "expired", "canceled", "suppressed"];
const sizes = { "1h": 3_600_000, "24h": 86_400_000, "30d": 30 * 86_400_000 };

/**
 * A card for one window.
 * @param {"1h"|"24h"|"30d"} window
 * @returns {{ element: HTMLElement, draw: (stats: object) => void }}
 */
export function countsCard(window) {
  const rows = h("div", { class: "count-rows" });
  const table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t(`overview.window.${window}`) });
  const fold = h("details", { dataset: { fold: "table" } }, h("summary", null, t("overview.table")), table);
  const element = h("article", { class: "count-card", dataset: { window } }, h("h3", null, t(`overview.window.${window}`)), rows, fold);
  const at = window === "30d" ? dayOfMonth : clock;
  let drawn = "";

  function draw({ series }) {
    if (drawn === JSON.stringify(series)) return;
    drawn = JSON.stringify(series);
    const total = (name) => series.reduce((sum, step) => sum + (step.counts[name] ?? 0), 0);
    const names = [...shown, ...rest.filter((name) => total(name) > 0)];
    const highest = Math.max(1, ...series.flatMap((step) => names.map((name) => step.counts[name] ?? 0)));
    const since = localMinute(Date.now() - sizes[window]);
    fill(rows,
      names.map((name) => h("a", { class: `count-row ${name}`, href: link(["messages"], { status: name, since }), dataset: { outcome: name } },
        h("span", { class: "count-name" }, word("status", name)), h("span", { class: "count-number" }, number(total(name))),
        bars(series.map((step) => ({ value: step.counts[name] ?? 0, text: `${at(step.at)}: ${number(step.counts[name] ?? 0)}` })), highest, t("overview.bars", { outcome: word("status", name), total: number(total(name)), window: t(`overview.window.${window}`) })))),
      h("p", { class: "count-ends" }, h("span", null, at(series[0]?.at)), h("span", null, t("overview.nowEnd"))));
    fill(table, h("table", { class: "figures" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("overview.from")), names.map((name) => h("th", { scope: "col", class: "num" }, word("status", name))))),
      h("tbody", null, [...series].reverse().map((step) => h("tr", null, h("th", { scope: "row" }, at(step.at)), names.map((name) => h("td", { class: "num" }, number(step.counts[name] ?? 0))))))));
  }

  return { element, draw };
}

const space = "http://www.w3.org/2000/svg";
const height = 32;
const least = 3;

function part(tag, attributes, ...children) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * A row of bars, as wide as its place. What is not zero is never too small to be seen.
 * @param {Array<{ value: number, text: string }>} items `text` is shown at the pointer
 * @param {number} highest the value of a full bar
 * @param {string} label what a screen reader says of the whole
 */
function bars(items, highest, label) {
  const drawing = part("svg", { class: "bars", viewBox: `0 0 ${items.length * 10} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": label });
  items.forEach(({ value, text }, index) => {
    const tall = value === 0 ? 0 : Math.max(least, (value / highest) * height);
    const name = part("title", {});
    name.textContent = text;
    drawing.append(part("g", {}, name,
      part("rect", { class: "bar-place", x: index * 10, y: 0, width: 10, height }),
      part("rect", { class: value === 0 ? "bar-none" : "bar-value", x: index * 10 + 1, y: value === 0 ? height - 1 : height - tall, width: 8, height: value === 0 ? 1 : tall })));
  });
  return drawing;
}
