import { h } from "../dom.js";
import { milliseconds } from "../format.js";
import { t } from "../i18n.js";

const marks = { client: "C:", server: "S:", info: "·" };
const worthDrawing = 0.5;

/**
 * What was said on the wire: when, how long it took, whether TLS covered it, who spoke.
 * @param {Array<string|{ elapsedMs?: number, from?: string, text: string, tls?: boolean }>} lines
 * @returns {HTMLElement}
 */
export function transcriptLines(lines) {
  const said = lines.map((line) => (typeof line === "string" ? { text: line } : line));
  const stretches = waits(said);
  const end = Math.max(1, ...said.map(({ elapsedMs }) => elapsedMs ?? 0));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("transcript.title") }, h("ol", { class: "transcript" }, said.map((line, index) => {
    if (line.elapsedMs === undefined) return h("li", { class: "info" }, h("code", null, line.text));
    return h("li", { class: `${line.from ?? "info"} ${line.tls ? "covered" : ""}` },
      h("span", { class: "elapsed" }, t("time.ms", { value: Math.round(line.elapsedMs) })),
      stretch(stretches[index], end),
      h("span", { class: line.tls ? "tls" : "plain", title: t(line.tls ? "transcript.tls" : "transcript.plain") }, line.tls ? "TLS" : "—"),
      h("span", { class: "who", title: t(`transcript.${line.from ?? "info"}`) }, marks[line.from] ?? marks.info),
      h("code", null, line.text));
  })));
}

/** A bar from when it began to when it was over, on the time of the whole. */
function stretch(time, end) {
  const took = time ? time.to - time.from : 0;
  if (took < worthDrawing) return h("span", { class: "took" });
  const bar = h("span", { class: "took-bar" });
  bar.style.setProperty("--from", `${(100 * time.from) / end}%`);
  bar.style.setProperty("--to", `${(100 * time.to) / end}%`);
  return h("span", { class: "took", title: t("transcript.took", { time: milliseconds(took) }) }, bar, h("span", { class: "took-text" }, milliseconds(took)));
}

/** The same as plain text. */
export const transcriptText = (lines) => lines.map((line) => (typeof line === "string" ? line : `${marks[line.from] ?? marks.info} ${line.text}`)).join("\n");

/* How long each line of a transcript took. Pure: lines in, stretches of time out. */

const contentEnd = /^\(\d+ bytes of content\)$/;
const finalReply = /^\d{3}(?: |$)/;

/**
 * For each line the stretch of time that it stands for, or null: a command's until its reply was there, that of an event or of a reply
 * nobody asked for since the line before. Commands that went out together are answered in their order (RFC 2920).
 * @param {Array<{ elapsedMs?: number, from?: string, text: string }>} lines
 * @returns {Array<{ from: number, to: number }|null>}
 */
function waits(lines) {
  const found = lines.map(() => null);
  const asked = [];
  let before = 0;
  let inContent = false;
  lines.forEach(({ elapsedMs: at, from, text }, index) => {
    if (at === undefined) return;
    if (from === "client") {
      if (contentEnd.test(text)) inContent = false;
      else if (!inContent) {
        asked.push(index);
        inContent = text.startsWith("BDAT ");
      }
    } else if (from === "server" && asked.length > 0) {
      if (finalReply.test(text)) found[asked[0]] = { from: lines[asked.shift()].elapsedMs, to: at };
      inContent ||= text.startsWith("354");
    } else found[index] = { from: before, to: at };
    before = at;
  });
  return found;
}

/** The line that took longest, and how long; null where nothing took any time. */
export function longest(lines) {
  const [index, time] = waits(lines).reduce((best, stretch, at) => (stretch && stretch.to - stretch.from > best[1] ? [at, stretch.to - stretch.from] : best), [-1, 0]);
  return index < 0 ? null : { text: lines[index].text, time };
}
