/* What the log says from now on, as the server tells it. */

import { call } from "../api.js";
import { isAborted } from "../format.js";
import { t } from "../i18n.js";

const silence = 90_000;
const breath = 1_000;
const together = 100;
const mostTogether = 500;

/**
 * Goes on until `signal` ends it; a connection that breaks is made again behind the last entry of the one before.
 * @param {{ level: string, transport: string, message: string, q: string }} query
 * @param {(items: object[], place: string) => void} onItems is told new entries, the newest first, and the place behind them; what comes at once is told at once, so that a flood does not stop the page
 * @param {string|null} place where the log ended when it was read
 * @param {AbortSignal} signal
 */
export async function followLog({ level, transport, message, q }, onItems, place, signal) {
  let news = [];
  let timer = 0;
  const tell = () => {
    clearTimeout(timer);
    timer = 0;
    if (!signal.aborted && news.length > 0) onItems(news.slice(-mostTogether).reverse(), place);
    news = [];
  };
  const take = ({ id, name, data }) => {
    if (id) place = id;
    if (!data) return;
    news.push(name === "gap" ? gap() : JSON.parse(data));
    timer ||= setTimeout(tell, together);
  };
  while (!signal.aborted) {
    let event = {};
    const onLine = (line) => {
      if (line === "") {
        take(event);
        event = {};
      } else if (line.startsWith("id:")) event.id = line.slice(3).trim();
      else if (line.startsWith("event:")) event.name = line.slice(6).trim();
      else if (line.startsWith("data:")) event.data = line.slice(5);
    };
    try {
      await call("GET", "logs/stream", { query: { level, transport, message, q, after: place }, signal, accept: "text/event-stream", timeout: silence, onLine });
    } catch (error) {
      if (isAborted(error)) return;
      if (error.kind === "problem" && error.status < 500) throw error;
    } finally {
      tell();
    }
    await wait(breath, signal);
  }
}

const gap = () => ({ at: new Date().toISOString(), level: "warning", message: t("log.gap") });

const wait = (time, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, time);
  signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});
