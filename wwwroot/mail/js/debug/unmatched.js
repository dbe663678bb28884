import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { moment, number } from "../format.js";
import { t } from "../i18n.js";
import { link } from "../router.js";
import { copyButton } from "../ui/copy.js";
import { pager } from "../ui/list.js";

/** Refusals whose words nobody knows yet, so that the page could not explain them. */
export async function showUnmatched(place, to, signal) {
  const { cursor } = to.query;
  const { data } = await get("knowledge/unmatched", { query: { cursor }, signal });
  if (data.items.length === 0) return fill(place, h("div", { class: "empty" }, h("p", null, t("unmatched.empty"))));
  const head = ["reply", "count", "last", "transport"].map((name) => h("th", { scope: "col", class: name }, t(`unmatched.${name}`)));
  fill(place, h("p", { class: "purpose" }, t("unmatched.purpose")),
    h("table", { class: "rows tall unmatched", dataset: { list: "unmatched" } }, h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))), h("tbody", null, data.items.map(row))),
    pager(data.next && link(["debug", "unmatched"], { cursor: data.next }), cursor && link(["debug", "unmatched"])));
}

function row(item) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`unmatched.${name}`) } }, h("span", null, content));
  return h("tr", null, h("td", { class: "mono break" }, item.reply), cell("count", number(item.count)), cell("last", item.message ? h("a", { href: link(["messages", item.message]) }, moment(item.lastSeen)) : moment(item.lastSeen)),
    cell("transport", item.transport), h("td", { class: "act" }, copyButton(() => item.reply)));
}
