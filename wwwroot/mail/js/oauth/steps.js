import { fill, h } from "../dom.js";
import { inLanguage, language, t } from "../i18n.js";
import { guideOf } from "./guides.js";

/**
 * What to do at the provider for the flow that is chosen, beside the form.
 * @param {HTMLElement} place
 * @param {object} transport
 */
export function showSteps(place, transport) {
  const oauth = transport.smtp?.oauth;
  const guide = oauth && guideOf(oauth);
  const steps = inLanguage(guide?.steps?.[oauth.flow]) ?? [];
  const state = `${guide?.id} ${oauth?.flow} ${language()}`;
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.hidden = steps.length === 0;
  fill(place, h("h2", null, guide?.provider ? t("oauth.steps", { provider: guide.name }) : t("oauth.stepsOther")), h("ol", { class: "steps" }, steps.map((step) => h("li", null, step))),
    guide?.officialUrl && h("p", { class: "help" }, h("a", { href: guide.officialUrl, target: "_blank", rel: "noopener noreferrer" }, t("preset.official")), " · ", t("preset.checked", { date: guide.checkedOn })));
}
