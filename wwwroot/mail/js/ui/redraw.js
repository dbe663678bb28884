/**
 * Draws a part of a view that can be drawn anew in place: listeners of one drawing end with the next, or with the view.
 * @param {AbortSignal} visit ends when the view is left
 * @param {(drawing: AbortSignal, again: () => void) => void} draw
 */
export function redrawable(visit, draw) {
  let drawing = null;
  const again = () => {
    drawing?.abort();
    if (visit.aborted) return;
    drawing = new AbortController();
    const scroll = scrollY;
    draw(drawing.signal, again);
    scrollTo(0, scroll);
  };
  visit.addEventListener("abort", () => drawing?.abort());
  again();
}

/**
 * Draws a place anew. Where somebody was on a link or button in it, what leads to the same or does the same has the focus afterwards.
 * @param {Element} place
 * @param {() => void} draw
 */
export function keepFocus(place, draw) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute("href");
  const same = focused && (href ? `[href="${CSS.escape(href)}"]` : `[data-act="${CSS.escape(focused.dataset.act ?? "")}"]`);
  draw();
  if (same) place.querySelector(same)?.focus();
}
