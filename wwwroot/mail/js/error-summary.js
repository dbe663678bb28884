import { fill, h } from "./dom.js";
import { t, has } from "./i18n.js";
import { transportOf } from "./paths.js";
import { settings } from "./settings.js";

/**
 * The errors of the last save or test on top of the view, each a link to its field.
 * @param {(path: string) => void} visit goes to the field of a path
 */
export function errorSummary(visit) {
  const element = h("div", { class: "summary-place", dataset: { summary: "errors" } });
  const draw = () => {
    const wrong = [...settings.errors];
    element.hidden = wrong.length === 0;
    fill(element, wrong.length > 0 && h("div", { class: "summary", role: "alert" },
      h("p", null, h("strong", null, t("errors.title", { n: wrong.length }))),
      h("ul", null, wrong.map(([path, texts]) => h("li", null,
        h("button", { type: "button", class: "link", dataset: { errorPath: path }, onclick: () => visit(path) }, `${fieldName(path)}: ${texts.join(" · ")}`))))));
  };
  draw();
  return { element, draw };
}

/** What a path is called on the page: `Primary relay › Port`. */
export function fieldName(path) {
  const id = transportOf(path);
  const rest = path.replace(/^transports\[[^\]]*\]\.?/, "");
  const key = `f.${id === null ? "general" : "transport"}.${rest}`;
  const label = has(key) ? t(key) : rest || (id === null ? t("errors.whole") : "");
  const name = id === null ? null : settings.draft.transports.find((transport) => transport.id === id)?.name || id;
  return [name, label].filter(Boolean).join(" › ");
}
