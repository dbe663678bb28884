import { fill, h } from "../dom.js";
import { has, t } from "../i18n.js";
import { transportOf } from "./paths.js";
import { settings } from "./settings.js";

/**
 * On top of the view: the errors of the last save or test, else what the server says of the saved settings; each a link to its field.
 * @param {(path: string) => void} visit goes to the field of a path
 * @param {string} [only] id of the one transport whose warnings matter here
 */
export function errorSummary(visit, only) {
  const element = h("div", { class: "summary-place", dataset: { summary: "errors" } });
  let drawn = "";
  const draw = () => {
    const wrong = [...settings.errors].map(([path, texts]) => [path, texts.join(" · ")]);
    const doubtful = wrong.length > 0 || settings.isDirty() ? [] : (settings.base.warnings ?? []).filter(({ path }) => !only || transportOf(path) === only).map(({ path, text }) => [path, text]);
    // An alert that is drawn anew is read anew.
    if (drawn === JSON.stringify([wrong, doubtful])) return;
    drawn = JSON.stringify([wrong, doubtful]);
    element.hidden = wrong.length + doubtful.length === 0;
    const list = (items) => h("ul", null, items.map(([path, text]) => h("li", null,
      h("button", { type: "button", class: "link", dataset: { errorPath: path }, onclick: () => visit(path) }, t("errors.item", { field: fieldName(path), text })))));
    fill(element,
      wrong.length > 0 && h("div", { class: "summary", role: "alert" }, h("p", null, h("strong", null, t("errors.title", { n: wrong.length }))), list(wrong)),
      doubtful.length > 0 && h("section", { class: "summary warnings", "aria-label": t("warnings.title") }, h("p", null, h("strong", null, t("warnings.title"))), list(doubtful)));
  };
  draw();
  return { element, draw };
}

/** What a path is called on the page: `Primary relay › Port`. */
export function fieldName(path) {
  const [, key, ofKey] = /^dkim\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  if (key !== undefined) return ["DKIM", settings.draft.dkim?.[Number(key)]?.domain, ofKey && t(`f.dkim.${ofKey}`)].filter(Boolean).join(" › ");
  const id = transportOf(path);
  const rest = path.replace(/^transports\[[^\]]*\]\.?/, "");
  const text = `f.${id === null ? "general" : "transport"}.${rest}`;
  const label = [text, `${text}.address`].filter(has).map((name) => t(name))[0] ?? (rest || (id === null ? t("errors.whole") : ""));
  const name = id === null ? null : settings.draft.transports.find((transport) => transport.id === id)?.name || id;
  return [name, label].filter(Boolean).join(" › ");
}
