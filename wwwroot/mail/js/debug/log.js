import { call, get, path, resource } from "../api.js";
import { button, fill, h, skeleton } from "../dom.js";
import { bytes, clock, errorText, exact, isAborted, moment } from "../format.js";
import { has, t } from "../i18n.js";
import { link, replace } from "../router.js";
import { copyButton, saveAs } from "../ui/copy.js";
import { listError, pager } from "../ui/list.js";
import { notice } from "../ui/dialog.js";

const levels = ["", "debug", "information", "warning", "error"];
const marks = { warning: "warn", error: "bad", fatal: "bad", critical: "bad" };
const mostShown = 500;

/** The application log of this node, filtered by level and words in the address, and as it grows. */
export async function showLog(place, to, signal) {
  const query = { level: to.query.level ?? "", q: to.query.q ?? "", cursor: to.query.cursor ?? "" };
  const list = h("div", null, skeleton());
  let items = [];
  let typing = 0;
  let latest = null;
  let tail = null;
  const follow = button(t("log.follow"), () => (tail ? unfollow() : start()), { act: "follow" });
  follow.setAttribute("aria-pressed", "false");
  const filter = (change) => {
    Object.assign(query, change, { cursor: "" });
    replace(link(["debug", "log"], query));
    clearTimeout(typing);
    typing = setTimeout(load, 250);
  };
  signal.addEventListener("abort", () => { clearTimeout(typing); latest?.abort(); tail?.abort(); });
  fill(place,
    h("div", { class: "filters", role: "search" },
      h("label", null, h("span", null, t("log.level")), h("select", { name: "level", onchange: (event) => filter({ level: event.target.value }) }, levels.map((level) => h("option", { value: level, selected: level === query.level }, t(`log.level.${level || "all"}`))))),
      h("label", { class: "grow" }, h("span", null, t("log.search")), h("input", { type: "search", name: "q", value: query.q, oninput: (event) => filter({ q: event.target.value.trim() }) })),
      h("div", { class: "filter-acts" }, follow, button(t("refresh"), () => load(), { act: "refresh" }), copyButton(() => text(items)), button(t("download"), () => saveAs("mail-log.txt", `${text(items)}\n`), { act: "download" }))),
    list, logFiles(signal));
  await load();

  async function load() {
    const wasFollowing = tail !== null;
    unfollow();
    latest?.abort();
    latest = new AbortController();
    try {
      const { data } = await get("logs", { query, signal: latest.signal });
      items = data.items ?? [];
      fill(list, items.length === 0 ? h("div", { class: "empty" }, h("p", null, t(query.q || query.level ? "log.emptyFilter" : "log.empty"))) : lines(items),
        pager(data.next && link(["debug", "log"], { ...query, cursor: data.next }), query.cursor && link(["debug", "log"], { ...query, cursor: "" })));
      if (wasFollowing) start();
    } catch (error) {
      if (!isAborted(error)) fill(list, listError(errorText(error), load));
    }
  }

  function start() {
    if (query.cursor) return filter({ cursor: "" });
    tail = new AbortController();
    follow.setAttribute("aria-pressed", "true");
    followLog({ level: query.level, q: query.q }, grow, items[0] ?? null, tail.signal).catch((error) => { unfollow(); notice(errorText(error), { kind: "warn" }); });
  }

  function unfollow() {
    tail?.abort();
    tail = null;
    follow.setAttribute("aria-pressed", "false");
  }

  /** New entries on top; the oldest leave, so that a night of following does not fill the browser. */
  function grow(news) {
    items = [...news, ...items].slice(0, mostShown);
    let shown = list.querySelector("ol");
    if (!shown) {
      shown = lines([]);
      fill(list, shown);
    }
    shown.prepend(...news.map(line));
    while (shown.children.length > mostShown) shown.lastElementChild.remove();
  }
}

const lines = (items) => h("ol", { class: "log", dataset: { list: "log" } }, items.map(line));

const line = (item) => h("li", { class: marks[String(item.level).toLowerCase()] ?? null },
  h("time", { datetime: item.at, title: exact(item.at) }, clock(item.at, "medium")),
  h("span", { class: "level" }, levelName(item.level)),
  h("span", { class: "log-text" }, h("span", null, item.message), item.error && h("details", null, h("summary", null, t("log.details")), h("code", { class: "break" }, item.error)), h("span", { class: "muted category" }, [item.category, item.node].filter(Boolean).join(" · "))));

const levelName = (level) => (has(`log.level.${String(level).toLowerCase()}`) ? t(`log.level.${String(level).toLowerCase()}`) : String(level));

const text = (items) => items.map((item) => [item.at, item.level, item.category, item.message, item.error].filter(Boolean).join(" ")).join("\n");

/* What the log says from now on: as the server tells it, or asked for every few seconds where it does not tell. */

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
async function followLog(query, onItems, newest, signal) {
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

/** The log's files, to be saved whole; nothing where the server does not hand them out. */
function logFiles(signal) {
  const element = h("details", { class: "log-files", hidden: true, dataset: { fold: "files" } });
  get("logs/files", { signal }).then(({ data }) => {
    element.hidden = data.items.length === 0;
    fill(element, h("summary", null, t("log.files", { n: data.items.length })), h("ul", null, data.items.map((file) => h("li", null,
      h("a", { class: "mono", href: resource(path("logs", "files", file.name)), download: file.name }, file.name), " ", h("span", { class: "muted" }, bytes(file.size ?? 0), (file.at ?? file.updatedAt) && [" · ", moment(file.at ?? file.updatedAt)])))));
  }).catch((error) => {
    // Reading the log does not depend on it.
    if (!isAborted(error)) element.hidden = true;
  });
  return element;
}
