import { call, get, path } from "../api.js";
import { button, fill, h } from "../dom.js";
import { errorText } from "../errors.js";
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { ask } from "../ui/dialog.js";
import { notice } from "../ui/notice.js";

/** Who is signed in at this page, from where, and a way to end it. */
export async function showSignIns(place, acts, to, signal) {
  const { data } = await get("sessions", { signal });
  const again = () => showSignIns(place, acts, to, signal).catch((error) => notice(errorText(error), { kind: "warn" }));
  if (data.items.length === 0) return fill(place, h("div", { class: "empty" }, h("p", null, t("signIns.empty"))));
  const head = ["who", "address", "since", "seen"].map((name) => h("th", { scope: "col" }, t(`signIns.${name}`)));
  fill(place, h("table", { class: "rows", dataset: { list: "sign-ins" } },
    h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))),
    h("tbody", null, data.items.map((item) => row(item, again)))));
}

function row(item, again) {
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
    notice(errorText(error), { kind: "warn", keep: true });
  }
  await again();
}
