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
