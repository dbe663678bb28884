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

/**
 * A button that says what it does.
 * @param {string} label
 * @param {() => unknown} onclick
 * @param {{ act?: string, kind?: "primary"|"danger"|"quiet", disabled?: boolean, label?: string, title?: string }} [options] `act` is its stable name, `label` what a screen reader says where the words alone are too few
 */
export function button(label, onclick, { act, kind, disabled = false, label: spoken, title } = {}) {
  return h("button", { type: "button", class: kind, disabled, title, "aria-label": spoken, dataset: act ? { act } : {}, onclick }, label);
}
