/* Whether mail is leaving: asked of the server every 15 seconds while the page is seen, told to whoever shows it. */

import { get } from "./api.js";
import { h } from "./dom.js";
import { clock, number } from "./format.js";
import { t } from "./i18n.js";
import { link } from "./router.js";

const interval = 15_000;
const patience = 600_000;
const sources = { settings: "settings", transports: "transports", delivery: "delivery", health: "health", stats: "stats" };
const queries = { stats: { window: "24h" } };
const missing = new Set();
const listeners = new Set();

let facts = {};
let asking = null;
let askAgain = false;
let current = null;

/** A dot whose colour and shape say the level; the word stands beside it. */
export const stateDot = (level) => h("span", { class: `dot ${level}`, "aria-hidden": "true" });

/** The level of each state of a transport. */
export const levels = { healthy: "good", degraded: "warn", suspended: "bad", disabled: "off" };

/** What the server says of one transport, or undefined. */
export const stateOf = (id) => facts.transports?.find((transport) => transport.id === id);

/** @returns {object} what the sentence was made of: settings, transports, delivery, health, stats, as far as there are */
export const stateFacts = () => facts;

/**
 * @param {(state: ReturnType<typeof verdict>) => void} listener is called at once where something is known, and with each news
 * @returns {() => void} ends it
 */
export function onState(listener) {
  listeners.add(listener);
  if (current) listener(current);
  return () => listeners.delete(listener);
}

/** Asks now, and once more where somebody asks meanwhile: what they changed may have come too late for the first. */
export function refreshState() {
  askAgain = asking !== null;
  asking ??= askWhileWanted().finally(() => { asking = null; });
  return asking;
}

async function askWhileWanted() {
  do {
    askAgain = false;
    await askAll();
  } while (askAgain);
}

async function askAll() {
  const next = { lost: false };
  await Promise.all(Object.keys(sources).filter((name) => !missing.has(name)).map(async (name) => {
    const answer = await ask(name);
    if (answer === undefined) next.lost = true;
    else next[name] = answer;
  }));
  facts = next;
  tell();
}

/** Says it anew, in another language. */
export function tell() {
  current = verdict(facts);
  for (const listener of listeners) listener(current);
}

/** Starts the watch. It pauses where nobody is, so that an open page does not keep a sign-in alive for ever. */
export function watchState() {
  let seen = Date.now();
  for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, () => { seen = Date.now(); }, { passive: true });
  const isWatched = () => !document.hidden && Date.now() - seen < patience && !document.querySelector('[data-dialog="sign-in"]');
  refreshState();
  setInterval(() => { if (isWatched()) refreshState(); }, interval);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshState(); });
}

/** The answer, null where the server has no such route, undefined where it did not answer. */
async function ask(name) {
  try {
    const { data } = await get(sources[name], { query: queries[name], timeout: 10_000 });
    return name === "transports" ? data?.items ?? data : data;
  } catch (error) {
    if (error.isMissing) missing.add(name);
    if (error.isMissing) return null;
    // An unusable store answers 503 with the word in the body.
    return name === "health" && typeof error.problem?.status === "string" ? error.problem : undefined;
  }
}

/* The one sentence: is mail leaving, through what, and the one thing that helps. Pure: facts in, words out. */

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
function verdict(facts) {
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
