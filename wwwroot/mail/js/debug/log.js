import { get } from "../api.js";
import { button, fill, h, skeleton } from "../dom.js";
import { clock, errorText, exact, isAborted } from "../format.js";
import { has, t } from "../i18n.js";
import { link, replace } from "../router.js";
import { copyButton, saveAs } from "../ui/copy.js";
import { listError, pager } from "../ui/list.js";
import { notice } from "../ui/dialog.js";
import { logFiles } from "./log-files.js";
import { followLog } from "./log-tail.js";

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
  let following = false;
  let tail = null;
  const follow = button(t("log.follow"), () => (following ? unfollow() : start()), { act: "follow" });
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
    tail?.abort();
    latest?.abort();
    latest = new AbortController();
    try {
      const { data } = await get("logs", { query, signal: latest.signal });
      items = data.items ?? [];
      fill(list, items.length === 0 ? h("div", { class: "empty" }, h("p", null, t(query.q || query.level ? "log.emptyFilter" : "log.empty"))) : lines(items),
        pager(data.next && link(["debug", "log"], { ...query, cursor: data.next }), query.cursor && link(["debug", "log"], { ...query, cursor: "" })));
      if (following) open();
    } catch (error) {
      if (!isAborted(error)) fill(list, listError(errorText(error), load));
    }
  }

  function start() {
    following = true;
    follow.setAttribute("aria-pressed", "true");
    if (query.cursor) filter({ cursor: "" });
    else open();
  }

  /** One stream at a time, whoever asks for it. */
  function open() {
    tail?.abort();
    tail = new AbortController();
    followLog({ level: query.level, q: query.q }, grow, items[0] ?? null, tail.signal).catch((error) => { unfollow(); notice(errorText(error), { kind: "warn" }); });
  }

  function unfollow() {
    following = false;
    tail?.abort();
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
