/** Attributes that must be set as properties, because the attribute is only their first value. */
const properties = new Set(["value", "checked", "selected", "disabled", "hidden", "open", "readOnly", "indeterminate"]);

/**
 * Makes an element. Strings become text nodes, never markup, so data cannot turn into elements.
 * @param {string} tag
 * @param {Record<string, unknown>|null} [props] attributes; `on…` functions become listeners, `dataset` an object of data attributes; null and false are left out
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(element, name, value);
  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined) return;
  if (typeof value === "function" && name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (properties.has(name)) element[name] = value;
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false) element.setAttribute(name, String(value));
}

/**
 * Adds children as `h` does.
 * @param {Node} parent
 * @param {Array} children
 */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replaces everything in an element.
 * @param {Element} parent
 * @param {...unknown} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

let last = 0;

/** @returns {string} an id no other element has */
export function uid(prefix = "x") {
  last += 1;
  return `${prefix}-${last}`;
}

/** What stands where something is still to come; seen only where it takes longer than 300 ms. */
export const skeleton = () => h("div", { class: "skeleton", "aria-hidden": "true" }, h("i"), h("i"), h("i"));

/**
 * A button that says what it does.
 * @param {string} label
 * @param {() => unknown} onclick
 * @param {{ act?: string, kind?: "primary"|"danger"|"quiet", disabled?: boolean, label?: string, title?: string }} [options] `act` is its stable name, `label` what a screen reader says where the words alone are too few
 */
export function button(label, onclick, { act, kind, disabled = false, label: spoken, title } = {}) {
  return h("button", { type: "button", class: kind, disabled, title, "aria-label": spoken, dataset: act ? { act } : {}, onclick }, label);
}

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
