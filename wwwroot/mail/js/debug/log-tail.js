/* What the log says from now on: as the server tells it, or asked for every few seconds where it does not tell. */

import { call, get } from "../api.js";
import { isAborted } from "../errors.js";

const silence = 90_000;
const pause = 2_000;
const breath = 1_000;

/**
 * Goes on until `signal` ends it; a connection that breaks is made again.
 * @param {{ level: string, q: string }} query
 * @param {(items: object[]) => void} onItems is told new entries, the newest first
 * @param {object|null} newest the entry from which on others are new
 * @param {AbortSignal} signal
 */
export async function followLog(query, onItems, newest, signal) {
  let canStream = true;
  const seen = { newest };
  while (!signal.aborted) {
    try {
      if (canStream) await stream(query, onItems, signal);
      else await look(query, onItems, seen, signal);
    } catch (error) {
      if (isAborted(error)) return;
      if (error.isMissing) canStream = false;
      else if (error.kind === "problem" && error.status < 500) throw error;
    }
    await wait(canStream ? breath : pause, signal);
  }
}

const stream = (query, onItems, signal) => call("GET", "logs/stream", {
  query, signal, accept: "text/event-stream", timeout: silence,
  onLine: (line) => { if (line.startsWith("data:")) onItems([JSON.parse(line.slice(5))].filter((item) => item?.message !== undefined)); },
});

async function look(query, onItems, seen, signal) {
  const { data } = await get("logs", { query, signal });
  const known = data.items.findIndex((item) => seen.newest && same(item, seen.newest));
  const news = known < 0 ? (seen.newest ? data.items : []) : data.items.slice(0, known);
  [seen.newest = seen.newest] = data.items;
  if (news.length > 0) onItems(news);
}

const same = (a, b) => a.at === b.at && a.eventId === b.eventId && a.message === b.message;

const wait = (time, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, time);
  signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});
