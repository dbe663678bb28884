import { button, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { errorText, isAborted } from "../format.js";

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

const pagesKept = 6;

/**
 * Rows that go on as one scrolls. Only the last pages stay in the document: a list of a million rows is as light as one of three hundred.
 * @param {object} parts
 * @param {HTMLElement} parts.body where rows go
 * @param {(item: object) => HTMLElement} parts.row
 * @param {(cursor: string, signal: AbortSignal) => Promise<{ items: object[], next: string|null }>} parts.fetchPage
 * @param {{ items: object[], next: string|null }} parts.first the page that is there already
 * @param {string} parts.cursor of that page
 * @param {(cursor: string) => void} parts.moved is told the page to come back to
 * @param {AbortSignal} parts.signal
 * @returns {HTMLElement} what stands below the rows
 */
export function endless({ body, row, fetchPage, first, cursor, moved, signal }) {
  const end = h("div", { class: "pager", dataset: { part: "end" } });
  const pages = [];
  let next = null;
  let isLoading = false;
  const watcher = new IntersectionObserver((entries) => { if (entries.some(({ isIntersecting }) => isIntersecting)) more(); }, { rootMargin: "400px" });
  signal.addEventListener("abort", () => watcher.disconnect());
  // Whoever opens a row comes back to its page.
  body.addEventListener("click", ({ target }) => {
    const page = target.closest("a") && pages.find(({ rows }) => rows.includes(target.closest("tr")));
    if (page && page !== pages[0]) moved(page.at);
  });
  add(first, cursor);

  function add(page, at, focus = false) {
    const rows = page.items.map(row);
    pages.push({ at, rows });
    body.append(...rows);
    if (pages.length > pagesKept) drop();
    next = page.next;
    fill(end, next && button(t("list.older"), more, { act: "older" }));
    // Whoever asked for more by key goes on with it.
    if (focus) rows[0]?.querySelector("a").focus({ preventScroll: true });
    watch();
  }

  /** Asked anew after each page: a list that is still in sight goes on. */
  function watch() {
    watcher.disconnect();
    if (next) watcher.observe(end);
  }

  /** The rows on top go; what is seen stays where it is. */
  function drop() {
    const [{ rows }, { at, rows: [mark] }] = pages;
    const before = mark.getBoundingClientRect().top;
    for (const element of rows) element.remove();
    pages.shift();
    scrollBy(0, mark.getBoundingClientRect().top - before);
    moved(at);
  }

  async function more() {
    if (isLoading || !next) return;
    isLoading = true;
    watcher.disconnect();
    const at = next;
    const focus = end.contains(document.activeElement);
    fill(end, h("p", { class: "muted", role: "status" }, t("list.loading")));
    try {
      const page = await fetchPage(at, signal);
      if (!signal.aborted) add(page, at, focus);
    } catch (error) {
      if (!isAborted(error)) fill(end, h("p", { role: "alert" }, errorText(error)), button(t("retry"), more, { act: "older" }));
    } finally {
      isLoading = false;
    }
  }

  return end;
}
