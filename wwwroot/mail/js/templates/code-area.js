import { fill, h, uid } from "../dom.js";
import { t } from "../i18n.js";

/**
 * A plain textarea with line numbers beside it and marks on the lines that have a fault.
 * @param {{ label: string, name: string, value: string, readOnly?: boolean, changed: (text: string) => void }} options
 * @returns {{ element: HTMLElement, control: HTMLTextAreaElement, mark: (faults: Array<{ line: number|null, column: number|null, message: string }>) => void, insert: (text: string) => void, goTo: (line: number, column: number) => void }}
 */
export function codeArea({ label, name, value, readOnly = false, changed }) {
  const id = uid("code");
  const numbers = h("div", { class: "code-lines", "aria-hidden": "true" });
  const control = h("textarea", { id, name, class: "code-text mono", wrap: "off", spellcheck: "false", autocapitalize: "off", autocomplete: "off", rows: 18, value, readOnly, "aria-describedby": `${id}-faults`, oninput: () => { number(); changed(control.value); }, onscroll: () => { numbers.scrollTop = control.scrollTop; } });
  const faultList = h("ul", { class: "code-faults", id: `${id}-faults`, "aria-live": "polite" });
  const element = h("div", { class: "code" }, h("label", { for: id, class: "unseen" }, label), h("div", { class: "code-place" }, numbers, control), faultList);
  let marked = new Set();
  let drawn = 0;
  number();

  /** Numbers are drawn anew only where their count changes. */
  function number(again = false) {
    const count = control.value.split("\n").length;
    if (count === drawn && !again) return;
    drawn = count;
    fill(numbers, Array.from({ length: count }, (_, index) => h("span", { class: marked.has(index + 1) ? "wrong" : null }, index + 1)));
    numbers.scrollTop = control.scrollTop;
  }

  function mark(faults) {
    marked = new Set(faults.map(({ line }) => line).filter(Boolean));
    number(true);
    control.setAttribute("aria-invalid", String(faults.length > 0));
    fill(faultList, faults.map(({ line, column, message }) => h("li", null,
      line ? h("button", { type: "button", class: "link", dataset: { faultLine: line }, onclick: () => goTo(line, column ?? 1) }, t("code.at", { line, column: column ?? 1 })) : null, line && " ", message)));
  }

  function goTo(line, column) {
    const before = control.value.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    control.focus();
    control.setSelectionRange(before + column - 1, before + column - 1);
    const height = control.scrollHeight / Math.max(1, drawn);
    control.scrollTop = Math.max(0, (line - 4) * height);
  }

  function insert(text) {
    if (readOnly) return;
    control.setRangeText(text, control.selectionStart, control.selectionEnd, "end");
    control.focus();
    control.dispatchEvent(new Event("input"));
  }

  return { element, control, mark, insert, goTo };
}
