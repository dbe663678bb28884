import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { link } from "../router.js";
import { tabs } from "../ui/tabs.js";
import { showAudit } from "./audit.js";
import { showKeys } from "./keys.js";
import { showSignIns } from "./sign-ins.js";

const parts = { keys: showKeys, "sign-ins": showSignIns, audit: showAudit };

/** The views `#/access` (keys), `#/access/sign-ins` and `#/access/audit`. */
export async function showAccess(main, to, signal) {
  const now = to.parts[0] in parts ? to.parts[0] : "keys";
  const acts = h("div", { class: "title-acts" });
  const place = h("div", { class: "tab-place" });
  fill(main,
    h("div", { class: "title-row" }, h("h1", null, t("nav.access")), acts),
    h("p", { class: "purpose" }, t("access.purpose")),
    tabs(t("access.tabs"), Object.keys(parts).map((name) => ({ name, href: link(name === "keys" ? ["access"] : ["access", name]), text: t(`access.${name}`) })), now),
    place);
  await parts[now](place, acts, to, signal);
}
