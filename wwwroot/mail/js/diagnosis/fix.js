/* The one setting that would cure it, as a failed test and the doctor name it: shown in words, and applied with one press. */

import { button } from "../dom.js";
import { has, t } from "../i18n.js";
import { go, link } from "../router.js";
import { fieldName } from "../settings/error-summary.js";
import { merge, transportOf } from "../settings/paths.js";
import { settings } from "../settings/settings.js";
import { notice } from "../ui/notice.js";

/**
 * The button that applies a fix to the draft, or null where it does not fit the settings on the page.
 * @param {{ path: string, value: unknown }|null|undefined} fix
 * @param {() => void} before is called before the page goes to the field
 */
export function fixButton(fix, before) {
  const found = leavesOf(fix);
  if (found.length === 0) return null;
  return button(t("failure.apply", { fix: found.map(describe).join(t("list.separator")) }), () => { before(); apply(fix, found); }, { act: "apply-fix", kind: "primary" });
}

function leavesOf(fix) {
  if (!fix || !settings.draft) return [];
  const path = fix.path.replace(/^settings\./, "");
  const id = transportOf(path);
  if (id !== null && !settings.draft.transports.some((transport) => transport.id === id)) return [];
  const found = leaves(path, fix.value);
  return found.some((leaf) => settings.lockOf(leaf.path) !== null) ? [] : found;
}

function leaves(path, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) => leaves(path ? `${path}.${name}` : name, inner));
}

function describe({ path, value }) {
  const name = path.replace(/^transports\[[^\]]*\]\./, "");
  const label = fieldName(path).split(" › ").pop();
  const key = [`o.${name}.short.${value}`, `o.${name}.${value}`].find(has);
  const shown = key ? t(key) : typeof value === "boolean" ? t(value ? "on" : "off") : String(value ?? t("conflict.nothing"));
  return `${label} → ${shown.length > 40 ? `${shown.slice(0, 16)}…` : shown}`;
}

function apply(fix, found) {
  merge(settings.draft, fix.path.replace(/^settings\./, ""), fix.value);
  settings.touched();
  const id = transportOf(found[0].path);
  go(link(id === null ? ["transports"] : ["transports", id], { field: found[0].path }));
  notice(t("failure.applied"));
}
