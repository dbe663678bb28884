import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { helperNames } from "./list.js";

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
