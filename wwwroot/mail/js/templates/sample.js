import { h } from "../dom.js";
import { t } from "../i18n.js";
import { codeArea } from "./code-area.js";

/**
 * The model that the preview is made with, as JSON that can be changed.
 * @param {object} sample
 * @param {() => void} changed
 * @returns {{ element: HTMLElement, read: <T>(use: (model: object) => T) => T|null }} `read` hands the model on where it is JSON, else marks where it is not
 */
export function sampleArea(sample, changed) {
  const area = codeArea({ label: t("sample.title"), name: "model", value: JSON.stringify(sample, null, 2), changed });
  area.control.rows = 8;
  const element = h("details", { class: "group" }, h("summary", null, t("sample.title")), h("p", { class: "help" }, t("sample.help")), area.element);

  function read(use) {
    try {
      const model = JSON.parse(area.control.value || "{}");
      if (model === null || typeof model !== "object" || Array.isArray(model)) throw new SyntaxError(t("sample.object"));
      area.mark([]);
      return use(model);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      element.open = true;
      area.mark([{ ...placeOf(error, area.control.value), message: error.message }]);
      return null;
    }
  }

  return { element, read };
}

/** Browsers name the position or the line; where they do not, there is no place to point at. */
function placeOf({ message }, text) {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return { line: null, column: null };
  const before = text.slice(0, Number(position)).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}
