import { call } from "../api.js";
import { button, fill, h } from "../dom.js";
import { faultsText } from "../format.js";
import { language, t } from "../i18n.js";
import { go, link } from "../router.js";
import { alertPlace, notice, openDialog } from "../ui/dialog.js";
import { foundList } from "../transports/exchange.js";
import { draft } from "./draft.js";
import { isLocale } from "./list.js";

/**
 * Takes over a template of ownCloud: paste, look at what was understood, bring it into the editor. Nothing is saved here.
 * @param {Array<{ name: string, title: string|null }>} items the templates that there are
 */
export function importTemplate(items) {
  const text = h("textarea", { id: "import-text", name: "import", rows: 12, class: "mono", spellcheck: "false", autocomplete: "off", "aria-describedby": "import-help" });
  const fault = alertPlace();
  const place = h("div", { class: "import-steps" });
  const dialog = openDialog({ name: "import-template", wide: true, title: t("importTemplate.title"), body: [place] });
  ask();

  function ask() {
    fill(place, h("p", { id: "import-help" }, t("importTemplate.help")), h("div", { class: "field" }, h("label", { for: "import-text" }, t("importTemplate.text")), text), fault.element,
      h("div", { class: "actions" }, button(t("cancel"), () => dialog.close(), { act: "close" }), button(t("import.read"), read, { act: "read-import", kind: "primary" })));
    text.focus();
  }

  async function read() {
    fault.say("");
    try {
      const { data } = await call("POST", "templates/import", { body: { format: "auto", text: text.value } });
      show(data);
    } catch (error) {
      fault.say(faultsText(error));
    }
  }

  function show(found) {
    const name = h("select", { id: "import-name", name: "template" }, items.map((item) => h("option", { value: item.name }, item.title ? `${item.title} (${item.name})` : item.name)));
    const locale = h("input", { id: "import-locale", name: "locale", class: "mono", value: language(), autocomplete: "off", spellcheck: "false" });
    const wrong = alertPlace();
    const take = async () => {
      if (!isLocale(locale.value.trim())) return wrong.say(t("templates.localeRule"));
      dialog.close();
      await draft.open(name.value, locale.value.trim(), true, new AbortController().signal);
      draft.replace({ ...draft.now.values, ...Object.fromEntries(Object.entries(found.draft).filter(([, value]) => value !== null && value !== "")) });
      notice(t("importTemplate.taken"));
      return go(link(["templates", name.value], { locale: locale.value.trim() }));
    };
    fill(place,
      foundList("warnings", found.warnings, "warn"), foundList("recognised", found.recognised, "good"), foundList("ignored", found.ignored, "off"),
      ["subject", "html", "text"].filter((part) => found.draft[part]).map((part) => [h("h3", null, t(`part.${part}`)), h("pre", { class: "words", tabindex: "0" }, found.draft[part])]),
      h("div", { class: "fields" }, h("div", { class: "field" }, h("label", { for: "import-name" }, t("importTemplate.into")), name), h("div", { class: "field" }, h("label", { for: "import-locale" }, t("templates.locale")), locale)), wrong.element,
      h("div", { class: "actions" }, button(t("import.back"), ask, { act: "import-back" }), button(t("importTemplate.take"), take, { act: "take-import", kind: "primary" })));
  }
}
