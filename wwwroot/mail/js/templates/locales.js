import { button, h } from "../dom.js";
import { t } from "../i18n.js";
import { go, link } from "../router.js";
import { alertPlace, openDialog } from "../ui/dialog.js";
import { isLocale, localeName } from "./list.js";

/**
 * The locales of a template, and a way to add one.
 * @param {string} name
 * @param {string} current
 * @param {Array<{ locale: string }>} known
 */
export function localePicker(name, current, known) {
  const tags = [...new Set([...known.map(({ locale }) => locale), current])];
  const select = h("select", { name: "locale", "aria-label": t("templates.locale"), onchange: () => (select.value === "" ? add(name, select, current) : go(link(["templates", name], { locale: select.value }))) },
    tags.map((tag) => h("option", { value: tag, selected: tag === current }, localeName(tag))), h("option", { value: "" }, t("locale.add")));
  return select;
}

function add(name, select, current) {
  select.value = current;
  const tag = h("input", { id: "new-locale", name: "new-locale", class: "mono", autocomplete: "off", spellcheck: "false", placeholder: "de", "aria-describedby": "new-locale-help" });
  const fault = alertPlace();
  const form = h("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const wanted = tag.value.trim();
    if (!wanted || !isLocale(wanted)) return fault.say(t("templates.localeRule"));
    dialog.close();
    return go(link(["templates", name], { locale: wanted }));
  } },
  h("div", { class: "field" }, h("label", { for: "new-locale" }, t("templates.locale")), tag, h("p", { class: "help", id: "new-locale-help" }, t("locale.help"))), fault.element,
  h("div", { class: "actions" }, button(t("cancel"), () => dialog.close(), { act: "close" }), h("button", { type: "submit", class: "primary", dataset: { act: "add-locale" } }, t("locale.open"))));
  const dialog = openDialog({ name: "locale", title: t("locale.add"), body: [form] });
  tag.focus();
}
