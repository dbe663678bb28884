import { h } from "../dom.js";

/**
 * A few choices of which one holds, as buttons side by side.
 * @param {string} label
 * @param {Array<[string, string]>} options value and word
 * @param {string} chosen
 * @param {(value: string) => void} changed
 */
export function choice(label, options, chosen, changed) {
  const buttons = options.map(([value, text]) => h("button", { type: "button", "aria-pressed": String(value === chosen), dataset: { choice: value }, onclick: (event) => {
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === event.currentTarget));
    changed(value);
  } }, text));
  return h("div", { class: "switch-group", role: "group", "aria-label": label }, buttons);
}

/**
 * The parts of a view, each with an address of its own.
 * @param {string} label what a screen reader calls them
 * @param {Array<{ name: string, href: string, text: string }>} items
 * @param {string} current name of the one that is shown
 */
export const tabs = (label, items, current) => h("nav", { class: "tabs", "aria-label": label },
  items.map(({ name, href, text }) => h("a", { href, "aria-current": name === current ? "page" : null, dataset: { tab: name } }, text)));
