/* What a failure means, drawn alike in the failure dialog, the doctor's verdict and a message's attempts. */

import { h } from "../dom.js";
import { day } from "../format.js";
import { t, word } from "../i18n.js";

/** Who can do something about it, and the provider's own page. */
export const whoActs = (cause) => cause?.who && h("p", { class: "who-acts" }, h("span", { class: "tag" }, word("who", cause.who)),
  cause.link && h("a", { href: cause.link, target: "_blank", rel: "noopener noreferrer" }, t("failure.link")));

/** What to do, the likeliest first. */
export const adviceList = (advice) => advice?.length > 0 && [h("h3", null, t("failure.advice")), h("ul", null, advice.map((item) => h("li", null, item)))];

/** The server's own words. */
export const serversWords = (words) => words && [h("h3", null, t("failure.words")), h("pre", { class: "words", tabindex: "0" }, words)];

/** What the server sent, so that it can be compared before it is trusted. */
export function certificateFacts(sent) {
  if (!sent) return null;
  const rows = [["subject", sent.subject], ["names", sent.names?.join(", ")], ["issuer", sent.issuer], ["valid", sent.notAfter && `${day(sent.notBefore)} – ${day(sent.notAfter)}`], ["sha256", sent.sha256]];
  return [h("h3", null, t("certificate.title")), h("dl", { class: "facts", dataset: { part: "certificate" } },
    rows.filter(([, value]) => value).map(([name, value]) => [h("dt", null, t(`certificate.${name}`)), h("dd", { class: "mono break" }, value)]))];
}
