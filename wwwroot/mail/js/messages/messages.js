import { call, get } from "../api.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { button, empty, fill, h, skeleton } from "../dom.js";
import { errorText, isAborted, moment, number } from "../format.js";
import { t, word } from "../i18n.js";
import { arrowKeys, endless, listError } from "../ui/list.js";
import { showMessage, statuses } from "./message.js";
import { link, replace } from "../router.js";
import { settings } from "../settings/settings.js";
import { stateDot } from "../state.js";
import { showSuppressions } from "./suppressions.js";

const filters = ["q", "status", "recipient", "source", "template", "transport", "since", "until"];
const folded = filters.slice(2);
const retryable = ["deferred", "failed", "expired"];

/** The views `#/messages` with its filters and place in the address, `#/messages/{id}` and `#/messages/suppressions`. */
export async function showMessages(main, to, signal) {
  const [id, part] = to.parts;
  if (id === "suppressions") return showSuppressions(main, to, signal);
  if (id !== undefined) return showMessage(main, id, part, signal);
  await settings.load(signal);
  const query = Object.fromEntries([...filters, "cursor"].map((name) => [name, to.query[name] ?? ""]));
  const list = h("div", { dataset: { part: "messages" } }, skeleton());
  const bulk = h("div", { class: "title-acts" });
  let typing = 0;
  let latest = null;
  const filter = (name, value, wait = 0) => {
    Object.assign(query, { [name]: value, cursor: "" });
    replace(link(["messages"], query));
    clearTimeout(typing);
    typing = setTimeout(load, wait);
  };
  signal.addEventListener("abort", () => { clearTimeout(typing); latest?.abort(); });
  fill(main,
    h("div", { class: "title-row" }, h("h1", null, t("nav.messages")), bulk),
    h("p", { class: "purpose" }, t("messages.purpose"), " ", h("a", { href: link(["messages", "suppressions"]) }, t("suppressions.title"))),
    filterBar(query, filter), list);
  await load();

  async function load() {
    latest?.abort();
    latest = new AbortController();
    fill(bulk, button(t("refresh"), load, { act: "refresh" }), retryable.includes(query.status) && button(t("messages.retryAll"), () => retryAll(query, load), { act: "retry-all" }));
    const { signal: reading } = latest;
    const fetchPage = async (cursor) => (await get("messages", { query: { ...query, cursor, since: utc(query.since), until: utc(query.until) }, signal: reading })).data;
    try {
      const first = await fetchPage(query.cursor);
      if (reading.aborted) return;
      const hint = first.partial && h("p", { class: "hint" }, t("messages.partial"));
      if (first.items.length === 0) return fill(list, nothing(query), hint);
      const newest = h("p", { class: "pager", hidden: query.cursor === "" }, h("a", { class: "button", href: link(["messages"], { ...query, cursor: "" }), dataset: { act: "newest" } }, t("list.newest")));
      const body = h("tbody", null);
      const moved = (cursor) => { newest.hidden = false; query.cursor = cursor; replace(link(["messages"], query)); };
      const end = endless({ body, row, fetchPage, first, cursor: query.cursor, moved, signal: reading });
      fill(list, newest, table(body), hint, end);
    } catch (error) {
      if (!isAborted(error)) fill(list, listError(errorText(error), load));
    }
  }
}

function filterBar(query, filter) {
  const label = (name, control, kind) => h("label", { class: kind }, h("span", null, t(`messages.filter.${name}`)), control);
  const select = (name, options) => h("select", { name, onchange: (event) => filter(name, event.target.value) }, options.map(([value, text]) => h("option", { value, selected: value === query[name] }, text)));
  const text = (name, type = "text") => h("input", { type, name, value: query[name], spellcheck: "false", autocomplete: "off", oninput: (event) => filter(name, event.target.value.trim(), 300) });
  const transports = [...new Set([...settings.base.transports.map(({ id }) => id), query.transport].filter(Boolean))];
  return h("div", { class: "filters", role: "search" },
    label("q", text("q", "search"), "grow"),
    label("status", select("status", [["", t("messages.any")], ...Object.keys(statuses).map((status) => [status, word("status", status)])])),
    h("details", { class: "more-filters", open: folded.some((name) => query[name] !== "") }, h("summary", null, t("messages.more")),
      h("div", { class: "filters" },
        label("recipient", text("recipient")), label("source", text("source")), label("template", text("template")),
        label("transport", select("transport", [["", t("messages.any")], ...transports.map((id) => [id, id])])),
        label("since", text("since", "datetime-local")), label("until", text("until", "datetime-local")))));
}

function table(body) {
  const head = ["status", "to", "subject", "source", "when"].map((name) => h("th", { scope: "col", class: name }, t(`messages.${name}`)));
  return arrowKeys(h("table", { class: "rows endless", dataset: { list: "messages" } }, h("thead", null, h("tr", null, head)), body));
}

function row(item) {
  const [first, ...others] = item.recipients ?? [];
  return h("tr", { dataset: { message: item.id } },
    h("td", { class: "status" }, h("span", { class: "nowrap" }, stateDot(statuses[item.status] ?? "unknown"), word("status", item.status))),
    h("td", { class: "to" }, h("span", { class: "cut" }, first?.address ?? "—", others.length > 0 && h("span", { class: "muted" }, ` +${number(others.length)}`))),
    h("td", { class: "subject" }, h("a", { class: "cut", href: link(["messages", item.id]), dataset: { rowLink: "" } }, item.subject || t("messages.noSubject"))),
    h("td", { class: "source muted" }, h("span", { class: "cut" }, item.source ?? "")),
    h("td", { class: "when muted" }, moment(item.createdAt)));
}

function nothing(query) {
  const isFiltered = filters.some((name) => query[name] !== "");
  return empty(t(isFiltered ? "messages.emptyFilter" : "messages.empty"),
    h("a", { class: "button", href: isFiltered ? "#/messages" : "#/transports" }, t(isFiltered ? "messages.clear" : "messages.toTest")));
}

/** Counts first, then asks by the number. */
async function retryAll(query, reload) {
  const filter = Object.fromEntries(filters.filter((name) => query[name] !== "").map((name) => [name, ["since", "until"].includes(name) ? utc(query[name]) : query[name]]));
  try {
    const { data: { count } } = await call("POST", "messages/retry", { body: { filter, dryRun: true } });
    if (count === 0) return notice(t("messages.retryNone"));
    if (!await ask({ title: t("messages.retryTitle", { n: count, count: number(count) }), text: t("messages.retryText"), confirm: t("messages.retryConfirm", { n: count, count: number(count) }) })) return;
    const { data } = await call("POST", "messages/retry", { body: { filter, dryRun: false } });
    notice(t("messages.retried", { n: data.count, count: number(data.count) }));
    await reload();
  } catch (error) {
    tellFault(error);
  }
}

/** What the browser's clock field says, as the API wants it. */
function utc(local) {
  const date = new Date(local);
  return local && !Number.isNaN(date.getTime()) ? date.toISOString() : local;
}
