import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { moment } from "../format.js";
import { t, word } from "../i18n.js";
import { link } from "../router.js";
import { pager } from "../ui/list.js";

/** Who changed what, newest first. */
export async function showAudit(place, acts, to, signal) {
  const { cursor } = to.query;
  const { data } = await get("audit", { query: { cursor }, signal });
  if (data.items.length === 0) return fill(place, h("div", { class: "empty" }, h("p", null, t("audit.empty"))));
  const head = ["when", "who", "action", "target"].map((name) => h("th", { scope: "col", class: name }, t(`audit.${name}`)));
  fill(place,
    h("table", { class: "rows tall audit", dataset: { list: "audit" } }, h("thead", null, h("tr", null, head)), h("tbody", null, data.items.map(row))),
    pager(data.next && link(["access", "audit"], { cursor: data.next }), cursor && link(["access", "audit"])));
}

function row(entry) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`audit.${name}`) } }, h("div", { class: "break" }, content));
  return h("tr", null, h("td", null, moment(entry.at)), cell("who", entry.who), cell("action", word("audit.act", entry.action)),
    cell("target", entry.target && h("span", { class: "mono" }, entry.target), entry.target && entry.detail && " · ", entry.detail));
}
