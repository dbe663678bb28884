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
