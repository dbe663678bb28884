/* What needs somebody, with the act that helps beside it. Pure but for the acts: facts in, items out. */

import { day, duration, number } from "../format.js";
import { has, t } from "../i18n.js";
import { link } from "../router.js";
import { fieldName } from "../settings/error-summary.js";
import { transportOf } from "../settings/paths.js";
import { testMail } from "../diagnosis/test-mail.js";
import { endsSoon, resume } from "../transports/transport-state.js";

const longWait = 3600;

/**
 * @typedef {object} Item
 * @property {"bad"|"warn"|"unknown"} level
 * @property {string} text
 * @property {{ name: string, label: string, href?: string, run?: () => unknown }} act
 */

/**
 * @param {object} facts of `stateFacts`, with `debug`
 * @param {string} [said] where the sentence above leads already: not said twice
 * @returns {Item[]} the worst first
 */
export function attention(facts, said) {
  if (!facts.settings) return [];
  const items = [...ofHealth(facts.health), ...facts.settings.transports.filter(({ enabled }) => enabled !== false).flatMap((transport) => ofTransport(transport, facts, said)),
    ...ofQueue(facts.stats), ...ofWarnings(facts.settings.warnings ?? []), ...ofDebug(facts.debug)];
  const order = ["bad", "warn", "unknown"];
  return items.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

const textOf = (name, status, detail) => { const key = [`health.${name}.${status}`, `health.${name}`].find(has); return key ? t(key, { detail }) : `${name}: ${detail}`; };

/** Transports have their own items. */
const ofHealth = (health) => (health?.checks ?? []).filter(({ name, status }) => status !== "healthy" && !name.startsWith("transport:")).map(({ name, status, detail }) => ({
  level: status === "unhealthy" ? "bad" : "warn", text: textOf(name, status, detail), act: { name: "read-log", label: t("help.log"), href: link(["debug", "log"], { level: "warning" }) },
}));

function ofTransport(transport, facts, said) {
  const state = facts.transports?.find(({ id }) => id === transport.id);
  const name = transport.name || transport.id;
  const href = link(["transports", transport.id]);
  const look = { name: "look", label: t("attention.look"), href };
  if (!state) return [];
  if (state.state === "suspended") {
    const again = { name: "resume", label: t("transports.resume"), run: () => resume(transport.id) };
    return [{ level: "bad", text: t("attention.suspended", { name, why: plain(state.reason) }), act: href === said ? again : look }, ...(href === said ? [] : [{ level: "bad", text: t("attention.tryAgain", { name }), act: again }])];
  }
  if (state.state === "degraded" && href !== said) return [{ level: "warn", text: t("attention.degraded", { name, why: plain(state.reason) }), act: look }];
  if (endsSoon(state.oauth)) return [{ level: "warn", text: t("attention.tokens", { name, account: state.oauth.account ?? "", day: day(state.oauth.signInEndsAt) }), act: look }];
  const test = { name: "test", label: t("test.short"), run: () => testMail(transport) };
  if (state.lastTest?.changedSince) return [{ level: "warn", text: t("attention.changed", { name }), act: test }];
  if (state.lastTest?.ok === false && state.state === "healthy") return [{ level: "warn", text: t("attention.testFailed", { name }), act: test }];
  return [];
}

function ofQueue(stats) {
  const by = stats?.byStatus ?? {};
  const see = (status) => ({ name: `see-${status}`, label: t("attention.see"), href: link(["messages"], { status }) });
  return [
    by.failed > 0 && { level: "bad", text: t("attention.failed", { n: by.failed, count: number(by.failed) }), act: see("failed") },
    by.deferred > 0 && { level: "warn", text: t("attention.deferred", { n: by.deferred, count: number(by.deferred) }), act: see("deferred") },
    stats?.oldestQueuedSeconds > longWait && { level: "warn", text: t("attention.oldest", { time: duration(stats.oldestQueuedSeconds) }), act: see("queued") },
  ].filter(Boolean);
}

const ofWarnings = (warnings) => warnings.map(({ path: field, text }) => {
  const id = transportOf(field);
  return { level: "warn", text: t("errors.item", { field: fieldName(field), text }), act: { name: "look", label: t("attention.look"), href: link(id === null ? ["transports"] : ["transports", id], { field }) } };
});

function ofDebug(debug) {
  if (!debug?.enabled) return [];
  const left = debug.until ? Math.max(0, (Date.parse(debug.until) - Date.now()) / 1000) : null;
  return [{ level: "unknown", text: left === null ? t("debug.on") : t("attention.debug", { time: duration(left) }), act: { name: "debug", label: t("attention.look"), href: "#/debug" } }];
}

const plain = (reason) => (reason || t("verdict.noReason")).replace(/[.。]$/, "");
