/* The one sentence: is mail leaving, through what, and the one thing that helps. Pure: facts in, words out. */

import { clock, number } from "./format.js";
import { t } from "./i18n.js";
import { link } from "./router.js";

/**
 * @typedef {object} Verdict
 * @property {"good"|"warn"|"bad"|"off"|"unknown"} level
 * @property {string} short for the bar
 * @property {string} sentence for the overview
 * @property {{ label: string, href?: string, act?: "resume-delivery"|"test" }|null} help the one button
 */

/**
 * @param {{ settings?: object, transports?: object[], delivery?: { paused: boolean }, health?: { status: string }, stats?: { byStatus: object }, lost?: boolean }} facts what is known; the rest may be missing
 * @returns {Verdict}
 */
export function verdict(facts) {
  const { settings, health, delivery } = facts;
  if (!settings) return say(facts.lost ? "bad" : "unknown", facts.lost ? "lost" : "unknown");
  const enabled = settings.transports.filter((transport) => transport.enabled !== false);
  const states = enabled.map((transport) => ({ ...transport, ...find(facts, transport.id) }));
  const waits = waiting(facts);
  if (health?.status === "unhealthy") return say("bad", "unhealthy", {}, { label: t("help.log"), href: link(["debug", "log"], { level: "error" }) });
  if (settings.transports.length === 0) return say("off", "none", {}, { label: t("transports.add"), href: "#/transports" });
  if (settings.enabled === false) return say("off", "disabled", waits, { label: t("help.enable"), href: link(["transports"], { field: "enabled" }) });
  if (enabled.length === 0) return say("off", "allOff", waits, { label: t("nav.transports"), href: "#/transports" });
  if (delivery?.paused) return say("warn", "paused", waits, { label: t("help.resume"), act: "resume-delivery" });

  const stuck = states.filter((transport) => transport.state === "suspended");
  const weak = states.find((transport) => transport.state === "suspended" || transport.state === "degraded");
  const way = states.find((transport) => transport.state === "healthy") ?? states.find((transport) => transport.state !== "suspended");
  if (!way) return say("bad", "stuck", { ...waits, ...trouble(stuck[0]) }, repair(stuck[0]));
  if (weak && weak !== way) return say("warn", "failover", { ...waits, way: name(way), ...trouble(weak) }, repair(weak));
  if (weak) return say("warn", "degraded", { ...waits, ...trouble(weak) }, repair(weak));
  if (!way.state || (!way.lastTest && !hasSent(facts))) return say("unknown", "untested", { way: name(way) }, { label: t("test.send"), act: "test" });
  if (way.lastTest?.ok === false && !hasSent(facts)) return say("warn", "testFailed", { way: name(way) }, { label: t("test.again"), act: "test" });
  return say("good", "leaving", { ...waits, way: name(way) }, null);
}

function say(level, key, values = {}, help = null) {
  const all = { n: 0, ...values };
  const tail = all.n > 0 ? t("verdict.waits", { n: all.n, count: number(all.n) }) : "";
  const deferred = all.deferred > 0 ? ` · ${t("verdict.deferred", { count: number(all.deferred) })}` : "";
  return { level, short: t(`verdict.${key}.short`, all) + deferred, sentence: t(`verdict.${key}`, all) + tail, help };
}

/** Messages that wait for their turn or for another try. */
function waiting({ stats, transports }) {
  const by = stats?.byStatus;
  if (by) return { n: (by.queued ?? 0) + (by.deferred ?? 0), deferred: by.deferred ?? 0 };
  return { n: (transports ?? []).reduce((sum, transport) => sum + (transport.waiting ?? 0), 0), deferred: 0 };
}

const find = (facts, id) => facts.transports?.find((transport) => transport.id === id);
const name = (transport) => transport.name || transport.id;
const hasSent = (facts) => ((facts.stats?.byStatus?.sent ?? 0) > 0) || (facts.transports ?? []).some((transport) => transport.sentToday > 0);
const repair = (transport) => ({ label: t("help.repair", { name: name(transport) }), href: link(["transports", transport.id]) });

function trouble(transport) {
  const why = transport.reason || transport.lastError?.text || transport.lastError?.detail || (typeof transport.lastError === "string" ? transport.lastError : "") || t("verdict.noReason");
  return { relay: name(transport), why: why.replace(/[.。]$/, ""), since: transport.since ? t("verdict.since", { time: clock(transport.since) }) : "" };
}
