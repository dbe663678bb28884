import { get, path, resource } from "../api.js";
import { button, empty, fill, h, skeleton } from "../dom.js";
import { bytes, clock, errorText, exact, isAborted, moment } from "../format.js";
import { t, word } from "../i18n.js";
import { link, replace } from "../router.js";
import { settings } from "../settings/settings.js";
import { copyButton, saveAs } from "../ui/copy.js";
import { listError, pager } from "../ui/list.js";
import { tellFault } from "../ui/dialog.js";
import { followLog } from "./log-tail.js";

const filters = ["level", "transport", "message", "q"];
const levels = ["", "debug", "information", "warning", "error"];
const marks = { warning: "warn", error: "bad", fatal: "bad", critical: "bad" };
const mostShown = 500;

/** The application log of this node, filtered by level, transport, message and words in the address, and as it grows. */
export async function showLog(place, to, signal) {
  const query = Object.fromEntries([...filters, "cursor"].map((name) => [name, to.query[name] ?? ""]));
  const list = h("div", null, skeleton());
  let items = [];
  let end = null;
  let typing = 0;
  let latest = null;
  let following = false;
  let tail = null;
  const follow = button(t("log.follow"), () => (following ? unfollow() : start()), { act: "follow" });
  follow.ariaPressed = "false";
  const filter = (change) => {
    Object.assign(query, change, { cursor: "" });
    replace(link(["debug", "log"], query));
    clearTimeout(typing);
    typing = setTimeout(load, 250);
  };
  signal.addEventListener("abort", () => { clearTimeout(typing); latest?.abort(); tail?.abort(); });
  fill(place, filterBar(query, filter,
    h("div", { class: "filter-acts" }, follow, button(t("refresh"), () => load(), { act: "refresh" }), copyButton(() => text(items)), button(t("download"), () => saveAs("mail-log.txt", `${text(items)}\n`), { act: "download" }))),
  list, logFiles(signal));
  await load();

  async function load() {
    tail?.abort();
    latest?.abort();
    latest = new AbortController();
    try {
      const { data } = await get("logs", { query, signal: latest.signal });
      [items, end] = [data.items, data.end];
      fill(list, items.length === 0 ? empty(t(filters.some((name) => query[name]) ? "log.emptyFilter" : "log.empty")) : lines(items),
        pager(data.next && link(["debug", "log"], { ...query, cursor: data.next }), query.cursor && link(["debug", "log"], { ...query, cursor: "" })));
      if (following) open();
    } catch (error) {
      if (!isAborted(error)) fill(list, listError(errorText(error), load));
    }
  }

  function start() {
    following = true;
    follow.ariaPressed = "true";
    if (query.cursor) filter({});
    else open();
  }

  /** One stream at a time, whoever asks for it; from the end of what is shown on, so that nothing is passed over. */
  function open() {
    tail?.abort();
    tail = new AbortController();
    followLog(query, grow, end, tail.signal).catch((error) => { unfollow(); tellFault(error); });
  }

  function unfollow() {
    following = false;
    tail?.abort();
    follow.ariaPressed = "false";
  }

  /** New entries on top; the oldest leave, so that a night of following does not fill the browser. */
  function grow(news, place_) {
    items = [...news, ...items].slice(0, mostShown);
    end = place_;
    let shown = list.querySelector("ol");
    if (!shown) {
      shown = lines([]);
      fill(list, shown);
    }
    shown.prepend(...news.map(line));
    while (shown.children.length > mostShown) shown.lastElementChild.remove();
  }
}

function filterBar(query, filter, acts) {
  const label = (name, control, kind) => h("label", { class: kind }, h("span", null, t(`log.${name}`)), control);
  const select = (name, options) => h("select", { name, onchange: (event) => filter({ [name]: event.target.value }) }, options.map(([value, text]) => h("option", { value, selected: value === query[name] }, text)));
  const input = (name, props) => h("input", { name, value: query[name], spellcheck: "false", autocomplete: "off", oninput: (event) => filter({ [name]: event.target.value.trim() }), ...props });
  const transports = [...new Set([...settings.base.transports.map(({ id }) => id), query.transport].filter(Boolean))];
  return h("div", { class: "filters", role: "search" },
    label("level", select("level", levels.map((level) => [level, t(`log.level.${level || "all"}`)]))),
    label("transport", select("transport", [["", t("debug.allTransports")], ...transports.map((id) => [id, id])])),
    label("message", input("message", { placeholder: "m_…", class: "mono" })),
    label("search", input("q", { type: "search" }), "grow"), acts);
}

const lines = (items) => h("ol", { class: "log", dataset: { list: "log" } }, items.map(line));

const line = (item) => h("li", { class: marks[item.level] },
  h("time", { datetime: item.at, title: exact(item.at) }, clock(item.at, "medium")),
  h("span", { class: "level" }, word("log.level", item.level)),
  h("span", { class: "log-text" }, h("span", null, item.message), item.error && h("details", null, h("summary", null, t("log.details")), h("code", { class: "break" }, item.error)), h("span", { class: "muted category" }, about(item))));

/** Where it comes from, and ways to what it is about. */
const about = ({ category, node, transport, messageId }) => [category, node && ` · ${node}`,
  transport && [" · ", h("a", { href: link(["transports", transport]) }, transport)], messageId && [" · ", h("a", { href: link(["messages", messageId]) }, messageId)]];

const text = (items) => items.map((item) => [item.at, item.level, item.category, item.message, item.error].filter(Boolean).join(" ")).join("\n");

/** The log's files, to be saved whole. */
function logFiles(signal) {
  const element = h("details", { class: "log-files", hidden: true, dataset: { fold: "files" } });
  get("logs/files", { signal }).then(({ data }) => {
    element.hidden = data.items.length === 0;
    fill(element, h("summary", null, t("log.files", { n: data.items.length })), h("ul", null, data.items.map((file) => h("li", null,
      h("a", { class: "mono", href: resource(path("logs", "files", file.name)), download: file.name }, file.name), " ", h("span", { class: "muted" }, bytes(file.size), " · ", moment(file.updatedAt))))));
  }).catch(() => { /* Reading the log does not depend on it. */ });
  return element;
}
