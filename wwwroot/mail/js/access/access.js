import { button, empty, fill, h, skeleton } from "../dom.js";
import { t, word } from "../i18n.js";
import { link } from "../router.js";
import { tabs } from "../ui/choice.js";
import { showKeys } from "./keys.js";
import { call, get, path } from "../api.js";
import { moment } from "../format.js";
import { pager } from "../ui/list.js";
import { ask, notice, tellFault } from "../ui/dialog.js";

const parts = { keys: showKeys, "sign-ins": showSignIns, audit: showAudit };

/** The views `#/access` (keys), `#/access/sign-ins` and `#/access/audit`. */
export async function showAccess(main, to, signal) {
  const now = to.parts[0] in parts ? to.parts[0] : "keys";
  const acts = h("div", { class: "title-acts" });
  const place = h("div", { class: "tab-place" }, skeleton());
  fill(main,
    h("div", { class: "title-row" }, h("h1", null, t("nav.access")), acts),
    h("p", { class: "purpose" }, t("access.purpose")),
    tabs(t("access.tabs"), Object.keys(parts).map((name) => ({ name, href: link(name === "keys" ? ["access"] : ["access", name]), text: t(`access.${name}`) })), now),
    place);
  await parts[now](place, acts, to, signal);
}

/** Who changed what, newest first. */
async function showAudit(place, acts, to, signal) {
  const { cursor } = to.query;
  const { data } = await get("audit", { query: { cursor }, signal });
  if (data.items.length === 0) return fill(place, empty(t("audit.empty")));
  const head = ["when", "who", "action", "target"].map((name) => h("th", { scope: "col", class: name }, t(`audit.${name}`)));
  fill(place,
    h("table", { class: "rows tall audit", dataset: { list: "audit" } }, h("thead", null, h("tr", null, head)), h("tbody", null, data.items.map(auditRow))),
    pager(data.next && link(["access", "audit"], { cursor: data.next }), cursor && link(["access", "audit"])));
}

function auditRow(entry) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`audit.${name}`) } }, h("div", { class: "break" }, content));
  return h("tr", null, h("td", null, moment(entry.at)), cell("who", entry.who), cell("action", word("audit.act", entry.action)),
    cell("target", entry.target && h("span", { class: "mono" }, entry.target), entry.target && entry.detail && " · ", entry.detail));
}

/** Who is signed in at this page, from where, and a way to end it. */
async function showSignIns(place, acts, to, signal) {
  const { data } = await get("sessions", { signal });
  const again = () => showSignIns(place, acts, to, signal).catch(tellFault);
  if (data.items.length === 0) return fill(place, empty(t("signIns.empty")));
  const head = ["who", "address", "since", "seen"].map((name) => h("th", { scope: "col" }, t(`signIns.${name}`)));
  fill(place, h("table", { class: "rows", dataset: { list: "sign-ins" } },
    h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))),
    h("tbody", null, data.items.map((item) => signInRow(item, again)))));
}

function signInRow(item, again) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`signIns.${name}`) } }, h("span", null, content));
  return h("tr", null,
    h("th", { scope: "row" }, h("span", { class: "break" }, item.who), item.current && h("span", { class: "tag" }, t("signIns.current"))),
    cell("address", h("span", { class: "mono" }, item.address ?? "—")), cell("since", moment(item.createdAt)), cell("seen", moment(item.lastSeenAt)),
    h("td", { class: "act" }, !item.current && button(t("signIns.end"), () => end(item, again), { act: "end-sign-in", label: t("signIns.endOf", { who: item.who }) })));
}

async function end(item, again) {
  if (!await ask({ title: t("signIns.endTitle", { who: item.who }), text: t("signIns.endText"), confirm: t("signIns.end"), danger: true })) return;
  try {
    await call("DELETE", path("sessions", item.id));
    notice(t("signIns.ended"));
  } catch (error) {
    tellFault(error);
  }
  await again();
}
