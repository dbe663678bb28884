import { call, get, path } from "../api.js";
import { button, fill, h } from "../dom.js";
import { errorText } from "../errors.js";
import { moment, number } from "../format.js";
import { t } from "../i18n.js";
import { ask } from "../ui/dialog.js";
import { notice } from "../ui/notice.js";
import { makeKey } from "./new-key.js";

const soon = 14 * 86_400_000;

/** Keys of programs and administrators: what each may do, when it was used last, and its end. */
export async function showKeys(place, acts, to, signal) {
  const [{ data }, { data: session }] = await Promise.all([get("keys", { signal }), get("session", { signal })]);
  const again = () => showKeys(place, acts, to, signal).catch((error) => notice(errorText(error), { kind: "warn" }));
  fill(acts, button(t("keys.make"), () => makeKey(again), { act: "make-key", kind: "primary" }));
  if (data.items.length === 0) return fill(place, h("div", { class: "empty" }, h("p", null, t("keys.empty"))));
  const head = ["name", "scopes", "lastUsed", "expires"].map((name) => h("th", { scope: "col", class: name }, t(`keys.${name}`)));
  fill(place, h("table", { class: "rows tall keys", dataset: { list: "keys" } },
    h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))),
    h("tbody", null, data.items.map((key) => row(key, session.who === `key:${key.name}`, again)))));
}

function row(key, isMine, again) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`keys.${name}`) } }, h("div", null, content));
  return h("tr", { dataset: { key: key.id } },
    h("th", { scope: "row" }, h("div", { class: "break" }, h("strong", null, key.name), isMine && h("span", { class: "tag" }, t("keys.mine"))), h("div", { class: "muted small" }, t("keys.made"), " ", moment(key.createdAt))),
    cell("scopes", h("span", { class: "tags" }, key.scopes.map((scope) => h("span", { class: "tag", title: t(`scope.${scope}.help`) }, t(`scope.${scope}`)))), limits(key)),
    cell("lastUsed", key.lastUsedAt ? moment(key.lastUsedAt) : h("span", { class: "muted" }, t("keys.unused"))),
    cell("expires", expiry(key.expiresAt)),
    h("td", { class: "act" }, button(t("keys.revoke"), () => revoke(key, isMine, again), { act: "revoke-key", kind: "danger", label: t("keys.revokeOf", { name: key.name }) })));
}

function limits({ from, ratePerMinute }) {
  const parts = [from?.length > 0 && h("span", { class: "mono break" }, from.join(t("list.separator"))), ratePerMinute && t("keys.perMinute", { n: ratePerMinute, count: number(ratePerMinute) })].filter(Boolean);
  return parts.length > 0 && h("div", { class: "muted small" }, parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part])));
}

function expiry(at) {
  if (!at) return h("span", { class: "muted" }, t("keys.never"));
  const left = Date.parse(at) - Date.now();
  if (left > soon) return moment(at);
  return h("span", { class: left > 0 ? "warn-text" : "bad-text" }, left > 0 ? null : `${t("keys.expired")} `, moment(at));
}

async function revoke(key, isMine, again) {
  const text = [t("keys.revokeText"), isMine && t("keys.revokeMine")].filter(Boolean).join(" ");
  if (!await ask({ title: t("keys.revokeTitle", { name: key.name }), text, confirm: t("keys.revokeConfirm"), danger: true })) return;
  try {
    await call("DELETE", path("keys", key.id));
    notice(t("keys.revoked", { name: key.name }));
  } catch (error) {
    notice(errorText(error), { kind: "warn", keep: true });
  }
  await again();
}
