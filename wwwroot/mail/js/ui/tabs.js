import { h } from "../dom.js";

/**
 * The parts of a view, each with an address of its own.
 * @param {string} label what a screen reader calls them
 * @param {Array<{ name: string, href: string, text: string }>} items
 * @param {string} current name of the one that is shown
 */
export const tabs = (label, items, current) => h("nav", { class: "tabs", "aria-label": label },
  items.map(({ name, href, text }) => h("a", { href, "aria-current": name === current ? "page" : null, dataset: { tab: name } }, text)));
