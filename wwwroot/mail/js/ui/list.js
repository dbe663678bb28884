import { button, h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * The end of a list: nothing there, or a way to what is older.
 * @param {string|null} next the older page's address
 * @param {string|null} newest the first page's address, where this is not it
 */
export function pager(next, newest) {
  return (next || newest) && h("nav", { class: "pager", "aria-label": t("list.pages") },
    newest && h("a", { class: "button", href: newest, dataset: { act: "newest" } }, t("list.newest")),
    next && h("a", { class: "button", href: next, dataset: { act: "older" } }, t("list.older")));
}

/** A list that could not be read, with a way to try again. */
export const listError = (text, again) => h("div", { class: "empty", role: "alert" }, h("p", null, text), button(t("retry"), again, { act: "retry", kind: "primary" }));

/**
 * Arrow keys go from row to row of a list whose rows each have one link; Enter opens it as any link.
 * @param {HTMLElement} list
 */
export function arrowKeys(list) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = [...list.querySelectorAll("[data-row-link]")];
    const next = links[links.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  return list;
}
