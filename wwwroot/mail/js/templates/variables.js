import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { helperNames } from "./list.js";
import { codeArea } from "./code-area.js";

/**
 * What a template can say: its variables, and the helpers; a press writes one at the caret.
 * @param {Array<{ name: string, required: boolean, description: string|null }>} variables
 * @param {(text: string) => void} insert
 */
export function variablesPane(variables, insert) {
  return h("section", { class: "group variables" },
    h("h2", null, t("variables.title")),
    variables.length === 0 ? h("p", { class: "muted" }, t("variables.none")) : h("table", { class: "figures", dataset: { list: "variables" } }, h("tbody", null, variables.map((variable) => h("tr", null,
      h("th", { scope: "row" }, button(variable.name, () => insert(tagOf(variable.name)), { act: "insert-variable", kind: "quiet", title: t("variables.insert", { text: tagOf(variable.name) }) })),
      h("td", null, variable.required && h("span", { class: "tag" }, t("variables.required")), " ", variable.description))))),
    h("details", null, h("summary", null, t("helper.title")), h("dl", { class: "helpers" }, helperNames.map((name) => [h("dt", null, h("code", null, t(`helper.${name}`))), h("dd", { class: "muted" }, t(`helper.${name}.help`))]))));
}

/** Items of a list are reached inside of a block over the list. */
function tagOf(name) {
  const [list, inner] = name.split("[].");
  return inner === undefined ? `{{${name}}}` : `{{#each ${list}}}{{${inner}}}{{/each}}`;
}

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
