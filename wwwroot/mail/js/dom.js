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
 * Replaces everything in an element. Whoever was on something in it is afterwards on what leads to the same or does the same, where they were in its text; else on the heading.
 * @param {Element} parent
 * @param {...unknown} children
 */
export function fill(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const sign = focused && signOf(focused);
  const index = focused ? [...parent.querySelectorAll(sign)].indexOf(focused) : -1;
  const { selectionStart, selectionEnd, scrollTop } = focused ?? {};
  parent.replaceChildren();
  append(parent, children);
  if (index < 0) return;
  const same = parent.querySelectorAll(sign)[index];
  same?.focus({ preventScroll: true });
  // Of inputs that are no text, such as those for addresses, browsers do not tell it.
  if (Number.isInteger(selectionStart)) same?.setSelectionRange?.(selectionStart, selectionEnd);
  if (scrollTop) same?.scrollTo?.(0, scrollTop);
  if (!parent.contains(document.activeElement)) focusHeading(parent.closest("dialog, main"));
}

function signOf(element) {
  const name = ["href", "name", "data-act", "data-choice"].find((known) => element.hasAttribute(known));
  return element.localName + (name ? `[${name}="${CSS.escape(element.getAttribute(name))}"]` : "");
}

/** Where somebody begins to read who has lost their place. */
export function focusHeading(place) {
  const heading = place?.querySelector("h1, h2");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
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
 * Does something once at a time while its button says so. The button stays where the focus is.
 * @param {HTMLButtonElement} element
 * @param {string} word what it says meanwhile
 * @param {() => Promise<unknown>} run
 */
export async function whileBusy(element, word, run) {
  if (element.ariaDisabled) return;
  const label = element.textContent;
  element.ariaDisabled = "true";
  element.textContent = word;
  try {
    await run();
  } finally {
    element.ariaDisabled = null;
    element.textContent = label;
  }
}

/** The way to what lies above a view. */
export const back = (href, text) => h("p", { class: "back" }, h("a", { href }, `← ${text}`));

/** A list in which is nothing: what to do. */
export const empty = (text, ...acts) => h("div", { class: "empty" }, h("p", null, text), acts);

/**
 * Draws a part of a view that can be drawn anew in place: listeners of one drawing end with the next, or with the view; what was unfolded stays so.
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
    const unfolded = [...document.querySelectorAll("main details[open]")].map(({ dataset }) => dataset.group);
    draw(drawing.signal, again);
    for (const fold of document.querySelectorAll("main details[data-group]")) fold.open ||= unfolded.includes(fold.dataset.group);
    scrollTo(0, scroll);
  };
  visit.addEventListener("abort", () => drawing?.abort());
  again();
}
