/* What the log says from now on: as the server tells it, or asked for every few seconds where it does not tell. */

import { call, get } from "../api.js";
import { isAborted } from "../errors.js";
import { t } from "../i18n.js";

const silence = 90_000;
const pause = 2_000;
const breath = 1_000;
const together = 100;
const mostTogether = 500;

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
      if (canStream) await stream(query, onItems, seen, signal);
      else await look(query, onItems, seen, signal);
    } catch (error) {
      if (isAborted(error)) return;
      if (error.isMissing) canStream = false;
      else if (error.kind === "problem" && error.status < 500) throw error;
    }
    await wait(canStream ? breath : pause, signal);
  }
}

/** Goes on behind the last event of the connection before; what comes at once is told at once, so that a flood does not stop the page. */
async function stream(query, onItems, seen, signal) {
  let event = {};
  let news = [];
  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    if (!signal.aborted && news.length > 0) onItems(news.slice(-mostTogether).reverse());
    news = [];
  };
  const take = ({ id, name, data }) => {
    if (id) seen.place = id;
    if (!data) return;
    news.push(name === "gap" ? gap() : JSON.parse(data));
    timer ||= setTimeout(tell, together);
  };
  const onLine = (line) => {
    if (line === "") {
      take(event);
      event = {};
    } else if (line.startsWith("id:")) event.id = line.slice(3).trim();
    else if (line.startsWith("event:")) event.name = line.slice(6).trim();
    else if (line.startsWith("data:")) event.data = line.slice(5);
  };
  try {
    await call("GET", "logs/stream", { query: { ...query, after: seen.place }, signal, accept: "text/event-stream", timeout: silence, onLine });
  } finally {
    tell();
  }
}

const gap = () => ({ at: new Date().toISOString(), level: "warning", message: t("log.gap") });

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
