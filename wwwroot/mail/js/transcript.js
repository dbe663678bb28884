import { h } from "./dom.js";
import { t } from "./i18n.js";

const marks = { client: "C:", server: "S:", info: "·" };

/**
 * What was said on the wire: when, whether TLS covered it, who spoke.
 * @param {Array<string|{ elapsedMs?: number, from?: string, text: string, tls?: boolean }>} lines
 * @returns {HTMLElement}
 */
export function transcriptLines(lines) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("transcript.title") }, h("ol", { class: "transcript" }, lines.map((line) => {
    if (typeof line === "string") return h("li", { class: "info" }, h("code", null, line));
    return h("li", { class: line.from ?? "info" },
      h("span", { class: "elapsed" }, line.elapsedMs === undefined ? "" : t("time.ms", { value: Math.round(line.elapsedMs) })),
      h("span", { class: line.tls ? "tls" : "plain", title: t(line.tls ? "transcript.tls" : "transcript.plain") }, line.tls ? "TLS" : "—"),
      h("span", { class: "who", title: t(`transcript.${line.from ?? "info"}`) }, marks[line.from] ?? marks.info),
      h("code", null, line.text));
  })));
}

/** The same as plain text. */
export const transcriptText = (lines) => lines.map((line) => (typeof line === "string" ? line : `${marks[line.from] ?? marks.info} ${line.text}`)).join("\n");
