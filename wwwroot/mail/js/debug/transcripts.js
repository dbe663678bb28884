import { call, get, path } from "../api.js";
import { copyButton, saveAs } from "../ui/copy.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { back, button, empty, fill, h } from "../dom.js";
import { milliseconds, moment } from "../format.js";
import { has, t, word } from "../i18n.js";
import { arrowKeys, pager } from "../ui/list.js";
import { link } from "../router.js";
import { longest, transcriptLines, transcriptText } from "./transcript.js";

/** The list of transcripts. */
export async function showTranscripts(place, to, signal) {
  const { message, transport, cursor } = to.query;
  const { data } = await get("transcripts", { query: { message, transport, cursor }, signal });
  const items = data.items ?? [];
  if (items.length === 0) return fill(place, empty(t("transcripts.empty")));
  const head = ["when", "transport", "message", "outcome"].map((name) => h("th", { scope: "col" }, t(`transcripts.${name}`)));
  fill(place,
    h("div", { class: "list-acts" }, button(t("transcripts.delete"), () => remove(place, to, signal), { act: "delete-transcripts", kind: "quiet" })),
    arrowKeys(h("table", { class: "rows", dataset: { list: "transcripts" } }, h("thead", null, h("tr", null, head)), h("tbody", null, items.map(row)))),
    pager(data.next && link(["debug"], { message, transport, cursor: data.next }), cursor && link(["debug"], { message, transport })));
}

function row(item) {
  const at = item.at ?? item.startedAt ?? item.createdAt;
  const message = item.messageId ?? item.message;
  const cell = (name, ...content) => h("td", { dataset: { label: t(`transcripts.${name}`) } }, h("span", null, content));
  return h("tr", null,
    h("td", null, h("a", { href: link(["debug", "transcripts", String(item.id)]), dataset: { rowLink: "" } }, moment(at))),
    cell("transport", item.transport ?? "—"),
    cell("message", message ? h("a", { class: "mono break", href: link(["messages", message]) }, message) : "—"),
    cell("outcome", outcome(item.outcome), typeof item.durationMs === "number" && h("span", { class: "muted" }, ` · ${milliseconds(item.durationMs)}`)));
}

/** `accepted`, what went wrong, or the stage at which it did and what: `startTls: startTlsNotOffered`. */
function outcome(text = "") {
  const [what, how] = text.split(": ");
  if (how !== undefined) return h("span", { title: text }, t("transcripts.failedAt", { stage: word("stage", what) }));
  return has(`outcome.${what}`) ? t(`outcome.${what}`) : h("span", { title: text }, t("outcome.failed"));
}

async function remove(place, to, signal) {
  if (!await ask({ title: t("transcripts.delete"), text: t("transcripts.deleteText"), confirm: t("transcripts.deleteConfirm"), danger: true })) return;
  try {
    await call("DELETE", "transcripts");
    notice(t("transcripts.deleted"));
    await showTranscripts(place, { ...to, query: {} }, signal);
  } catch (error) {
    tellFault(error);
  }
}

function facts(data) {
  const message = data.messageId ?? data.message;
  const slowest = longest(data.lines ?? []);
  return [
    ["outcome", outcome(data.outcome)], ["transport", data.transport && h("a", { href: link(["transports", data.transport]) }, data.transport)],
    ["when", data.lines?.[0]?.at && moment(data.lines[0].at)], ["message", message && h("a", { class: "mono", href: link(["messages", message]) }, message)],
    ["tls", data.lines?.some(({ tls }) => tls) ? data.lines.find(({ from, text }) => from === "info" && text.startsWith("TLS "))?.text ?? t("on") : t("test.noTls")],
    ["took", data.lines?.length > 0 && milliseconds(data.lines.at(-1).elapsedMs ?? 0)],
    ["slowest", slowest && [milliseconds(slowest.time), " · ", h("span", { class: "mono" }, slowest.text)]],
  ];
}

/** One transcript, line by line. */
export async function showTranscript(main, id, signal) {
  const { data } = await get(path("transcripts", id), { signal });
  const lines = data.lines ?? [];
  fill(main,
    back("#/debug", t("nav.debug")),
    h("div", { class: "title-row" }, h("h1", null, t("transcript.title")),
      h("div", { class: "title-acts" }, copyButton(() => transcriptText(lines)), button(t("download"), () => saveAs(`transcript-${id}.txt`, `${transcriptText(lines)}\n`), { act: "download" }))),
    h("dl", { class: "facts" }, facts(data).filter(([, value]) => value).map(([name, value]) => [h("dt", null, t(`transcript.fact.${name}`)), h("dd", { class: "break" }, value)])),
    lines.length > 0 ? transcriptLines(lines) : empty(t("transcript.empty")),
    data.truncated && h("p", { class: "hint" }, t("transcript.truncated")));
}
