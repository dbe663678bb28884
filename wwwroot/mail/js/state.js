/* Whether mail is leaving: asked of the server every 15 seconds while the page is seen, told to whoever shows it. */

import { get } from "./api.js";
import { h } from "./dom.js";
import { verdict } from "./verdict.js";

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
