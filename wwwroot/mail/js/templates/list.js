import { get } from "../api.js";
import { back, button, fill, h } from "../dom.js";
import { has, language, t } from "../i18n.js";
import { go, link } from "../router.js";
import { stateDot } from "../state.js";
import { alertPlace, openDialog } from "../ui/dialog.js";
import { tabs } from "../ui/choice.js";
import { arrowKeys } from "../ui/list.js";
import { importTemplate } from "./import.js";

/** All templates with the locales that each has. */
export async function showList(main, signal) {
  const { data } = await get("templates", { signal });
  const head = ["name", "locales", "state"].map((name) => h("th", { scope: "col", class: name }, t(`templates.${name}`)));
  fill(main,
    h("div", { class: "title-row" }, h("h1", null, t("nav.templates")), h("div", { class: "title-acts" },
      h("a", { class: "button quiet", href: "#/templates/layout", dataset: { act: "layout" } }, t("layout.title")),
      button(t("import.act"), () => importTemplate(data.items), { act: "import-template", kind: "quiet" }),
      button(t("templates.add"), () => addTemplate(data.items), { act: "add-template", kind: "primary" }))),
    h("p", { class: "purpose" }, t("templates.purpose")),
    arrowKeys(h("table", { class: "rows tall templates", dataset: { list: "templates" } }, h("thead", null, h("tr", null, head)), h("tbody", null, data.items.map(row)))));
}

function row(item) {
  const shown = bestLocale(item.locales.map(({ locale }) => locale));
  return h("tr", { dataset: { template: item.name } },
    h("td", null, h("a", { href: link(["templates", item.name], { locale: shown }), dataset: { rowLink: "" } }, item.title || item.name), h("div", { class: "mono muted small" }, item.name)),
    h("td", { dataset: { label: t("templates.locales") } }, h("div", { class: "tags" }, item.locales.map((one) => localeTag(item.name, one)))),
    h("td", { dataset: { label: t("templates.state") } }, h("span", { class: "nowrap" }, stateDot(item.enabled ? "good" : "off"), t(item.enabled ? "templates.on" : "templates.off"))));
}

/** A locale with what is particular about it: edited here, brought by a folder. */
function localeTag(name, { locale, origin, edited, locked }) {
  const words = [edited && t("templates.edited"), locked && t("templates.locked"), origin !== "builtIn" && !edited && t(`templates.origin.${origin}`)].filter(Boolean);
  return h("a", { class: edited ? "tag edited" : "tag", href: link(["templates", name], { locale }), title: words.join(t("list.separator")) || t("templates.origin.builtIn") }, locale, words.length > 0 && h("span", { class: "muted" }, ` ${words[0]}`));
}

/** The page's language where there is a text in it. */
const bestLocale = (locales) => locales.find((tag) => tag === language()) ?? locales.find((tag) => tag.split("-")[0] === language().split("-")[0]) ?? locales[0];

/** A language as people call it, with its tag. */
function localeName(tag) {
  try {
    const name = new Intl.DisplayNames([language()], { type: "language" }).of(tag);
    return name === tag ? tag : `${name} (${tag})`;
  } catch {
    return tag;
  }
}

function addTemplate(items) {
  const name = h("input", { id: "template-name", name: "template", class: "mono", autocomplete: "off", spellcheck: "false", "aria-describedby": "template-name-help" });
  const locale = h("input", { id: "template-locale", name: "locale", class: "mono short", value: language(), autocomplete: "off", spellcheck: "false" });
  const fault = alertPlace();
  const open = () => {
    const [wanted, tag] = [name.value.trim(), locale.value.trim()];
    if (!/^[a-z0-9-]{1,64}$/.test(wanted) || wanted === "layout") return fault.say(t("templates.nameRule"));
    if (!isLocale(tag)) return fault.say(t("templates.localeRule"));
    dialog.close();
    return go(link(["templates", wanted], { locale: tag, new: items.some((item) => item.name === wanted) ? null : "yes" }));
  };
  const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); open(); } },
    h("div", { class: "field" }, h("label", { for: "template-name" }, t("templates.name")), name, h("p", { class: "help", id: "template-name-help" }, t("templates.nameHelp"))),
    h("div", { class: "field" }, h("label", { for: "template-locale" }, t("templates.locale")), locale),
    fault.element,
    h("div", { class: "actions" }, button(t("cancel"), () => dialog.close(), { act: "close" }), h("button", { type: "submit", class: "primary", dataset: { act: "open-template" } }, t("templates.add"))));
  const dialog = openDialog({ name: "add-template", title: t("templates.add"), body: [form] });
  name.focus();
}

/** What each part of a template begins with. */
export async function templateHead(name, now, signal, { locale, acts } = {}) {
  const known = (await get("templates", { signal })).data.items.find((item) => item.name === name);
  return [back("#/templates", t("nav.templates")), h("div", { class: "title-row" }, h("h1", { class: "break" }, known?.title || name), h("div", { class: "title-acts" }, acts?.(known))), templateTabs(name, now, locale)];
}

const templateTabs = (name, now, locale) => tabs(t("templates.parts"), [["", "text"], ["options", "options"], ["versions", "versions"]].map(([where, word]) => ({ name: where, href: link(["templates", name, where].filter(Boolean), where === "options" ? {} : { locale }), text: t(`templates.part.${word}`) })), now);

/** Whether a text is a tag of BCP 47. */
export function isLocale(tag) {
  try {
    return tag.length <= 35 && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** The helpers that have a text here. */
export const helperNames = ["formatDate", "formatNumber", "pluralize", "urlEncode", "default", "eq", "button", "preheader"].filter((name) => has(`helper.${name}`));

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
