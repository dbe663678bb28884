/* What differs between two versions of the settings, and one person's changes put on top of another's. Transports are one by their id. */

import { merge, read, transportOf, transportPath, write } from "./paths.js";
import { h } from "../dom.js";
import { has, t } from "../i18n.js";
import { fieldName } from "./error-summary.js";

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const order = ({ transports = [] }) => transports.map((transport) => transport.id);

/**
 * The differences, leaf by leaf; a transport that came or went is one difference, and so is another order. Values without transports are fine too.
 * @returns {Array<{ path: string, before: unknown, after: unknown }>}
 */
export function changes(before, after) {
  const found = [];
  const { transports: old = [], ...generalBefore } = before;
  const { transports: now = [], ...generalAfter } = after;
  compare("", generalBefore, generalAfter, found);
  for (const transport of old) {
    const next = now.find((other) => other.id === transport.id);
    if (next) compare(transportPath(transport.id), transport, next, found);
    else found.push({ path: transportPath(transport.id), before: transport, after: undefined });
  }
  for (const transport of now) {
    if (!old.some((other) => other.id === transport.id)) found.push({ path: transportPath(transport.id), before: undefined, after: transport });
  }
  const [kept, keptNow] = [order(before).filter((id) => order(after).includes(id)), order(after).filter((id) => order(before).includes(id))];
  if (!same(kept, keptNow)) found.push({ path: "transports", before: order(before), after: order(after) });
  return found;
}

function compare(path, before, after, found) {
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const [a, b] = [before?.[name], after?.[name]];
    const inner = path ? `${path}.${name}` : name;
    if (isObject(a) && isObject(b)) compare(inner, a, b, found);
    else if (!same(a, b)) found.push({ path: inner, before: a, after: b });
  }
}

/**
 * My changes since `base`, on top of `theirs`: what somebody else saved, or what came back of a save while I typed on.
 * @returns {object} new values
 */
export function rebase(base, mine, theirs) {
  const result = structuredClone(theirs);
  for (const { path, after } of changes(base, mine)) {
    const id = transportOf(path);
    if (path === "transports") result.transports.sort((a, b) => place(after, a.id) - place(after, b.id));
    else if (id === null) write(result, path, after);
    else if (path !== transportPath(id)) put(result, mine, id, path, after);
    else if (after === undefined) result.transports = result.transports.filter((transport) => transport.id !== id);
    else if (!read(result, path)) result.transports.push(structuredClone(after));
    else merge(result, path, after);
  }
  return result;
}

/** A field of a transport that somebody else removed brings my whole transport back. */
function put(result, mine, id, path, value) {
  if (read(result, transportPath(id))) write(result, path, value);
  else result.transports.push(structuredClone(read(mine, transportPath(id))));
}

const place = (ids, id) => (ids.indexOf(id) + ids.length + 1) % (ids.length + 1);

/**
 * Differences of settings, a row each.
 * @param {Array<{ path: string, before?: unknown, after?: unknown }>} list
 * @param {[string, string]} heads what the two columns are called
 */
export function changeTable(list, [before, after]) {
  const cell = (label, { path, ...both }, side) => h("td", { class: side === "after" ? "changed" : "muted", dataset: { label } }, h("span", null, isSecret(path) ? t("conflict.secret") : valueText(both[side], path)));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("conflict.differences") }, h("table", { class: "diff" },
    h("thead", null, h("tr", null, [t("conflict.field"), before, after].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", null, list.map((change) => h("tr", null, h("th", { scope: "row" }, change.path === "transports" ? t("conflict.order") : fieldName(change.path)), cell(before, change, "before"), cell(after, change, "after"))))));
}

const secret = /(password|clientSecret|privateKey|refreshToken|clientKey)$/i;

/** Whether a path leads to a secret: its value is never shown. */
export const isSecret = (path) => secret.test(path);

/** A value of the settings as people read it. */
export function valueText(value, path = "") {
  const name = path.replace(/^transports\[[^\]]*\]\./, "");
  const word = [`o.${name}.short.${value}`, `o.${name}.${value}`].find(has);
  if (word) return t(word);
  if (value === null || value === undefined || value === "") return t("conflict.nothing");
  if (typeof value === "boolean") return t(value ? "on" : "off");
  if (Array.isArray(value)) return value.length === 0 ? t("conflict.nothing") : value.map((item) => item?.name ?? item?.id ?? item?.domain ?? item).join(", ");
  if (typeof value === "object" && value.mode) return [t(`mode.${value.mode}`), value.smtp && `${value.smtp.host}:${value.smtp.port}`, value[value.mode]?.path].filter(Boolean).join(" · ");
  if (typeof value === "object") return [value.name, value.address ?? value.domain].filter(Boolean).join(" · ") || JSON.stringify(value);
  return String(value);
}
