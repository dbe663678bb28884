import { copyButton } from "../ui/copy.js";
import { openDialog } from "../ui/dialog.js";
import { button, h } from "../dom.js";
import { fieldName } from "../settings/error-summary.js";
import { day } from "../format.js";
import { has, t, word } from "../i18n.js";
import { notice } from "../ui/notice.js";
import { merge, transportOf } from "../settings/paths.js";
import { go, link } from "../router.js";
import { settings } from "../settings/settings.js";
import { transcriptLines, transcriptText } from "../debug/transcript.js";

/**
 * Why a test failed: the cause, what to do, one press that repairs it where that is possible, and the server's own words.
 * @param {object} problem of a 424
 * @param {{ id: string, name?: string }|undefined} transport
 * @param {() => void} again
 */
export function showFailure(problem, transport, again) {
  const fixes = fixOf(problem.fix);
  const advice = problem.advice ?? [];
  const words = [problem.reply, problem.stderr].filter(Boolean).join("\n");
  const where = [transport?.name || transport?.id, problem.stage && t("failure.stage", { stage: word("stage", problem.stage) }), problem.exitCode !== undefined && problem.exitCode !== null && t("failure.exit", { code: problem.exitCode })];
  const dialog = openDialog({
    name: "failure", wide: true, kind: "bad", title: problem.cause?.text ?? problem.title ?? t("failure.title"),
    body: [
      h("p", { class: "muted" }, where.filter(Boolean).join(" · ")),
      problem.detail && problem.detail !== problem.cause?.text && h("p", null, problem.detail),
      advice.length > 0 && [h("h3", null, t("failure.advice")), h("ul", null, advice.map((item) => h("li", null, item)))],
      words && [h("h3", null, t("failure.words")), h("pre", { class: "words", tabindex: "0" }, words)],
      problem.certificate && certificate(problem.certificate),
      problem.transcript?.length > 0 && h("details", { dataset: { fold: "transcript" } }, h("summary", null, t("failure.transcript", { n: problem.transcript.length })), transcriptLines(problem.transcript)),
      problem.transcriptId && h("p", null, h("a", { href: link(["debug", "transcripts", problem.transcriptId]), onclick: () => dialog.close() }, t("transcript.read"))),
    ],
    actions: [
      button(t("close"), () => dialog.close(), { act: "close" }),
      copyButton(() => report(problem, where), t("failure.copy")),
      button(t("test.again"), () => { dialog.close(); again(); }, { act: "test-again", kind: fixes.length > 0 ? null : "primary" }),
      fixes.length > 0 && button(t("failure.apply", { fix: fixes.map(describe).join(t("list.separator")) }), () => { dialog.close(); apply(problem.fix, fixes); }, { act: "apply-fix", kind: "primary" }),
    ],
  });
}

/** What the server sent, so that it can be compared before it is trusted. */
function certificate(sent) {
  const rows = [["subject", sent.subject], ["names", sent.names?.join(", ")], ["issuer", sent.issuer], ["valid", sent.notAfter && `${day(sent.notBefore)} – ${day(sent.notAfter)}`], ["sha256", sent.sha256]];
  return [h("h3", null, t("certificate.title")), h("dl", { class: "facts", dataset: { part: "certificate" } },
    rows.filter(([, value]) => value).map(([name, value]) => [h("dt", null, t(`certificate.${name}`)), h("dd", { class: "mono break" }, value)]))];
}

/** The leaves of a fix, or none where it does not fit the settings on the page. */
function fixOf(fix) {
  if (!fix || !settings.draft) return [];
  const path = fix.path.replace(/^settings\./, "");
  const id = transportOf(path);
  if (id !== null && !settings.draft.transports.some((transport) => transport.id === id)) return [];
  const found = leaves(path, fix.value);
  return found.some((leaf) => settings.lockOf(leaf.path) !== null) ? [] : found;
}

function leaves(path, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) => leaves(path ? `${path}.${name}` : name, inner));
}

function describe({ path, value }) {
  const name = path.replace(/^transports\[[^\]]*\]\./, "");
  const label = fieldName(path).split(" › ").pop();
  const key = [`o.${name}.short.${value}`, `o.${name}.${value}`].find(has);
  const shown = key ? t(key) : typeof value === "boolean" ? t(value ? "on" : "off") : String(value ?? t("conflict.nothing"));
  return `${label} → ${shown.length > 40 ? `${shown.slice(0, 16)}…` : shown}`;
}

function apply(fix, found) {
  merge(settings.draft, fix.path.replace(/^settings\./, ""), fix.value);
  settings.touched();
  const id = transportOf(found[0].path);
  go(link(id === null ? ["transports"] : ["transports", id], { field: found[0].path }));
  notice(t("failure.applied"));
}

function report(problem, where) {
  return [
    problem.cause?.text ?? problem.title, where.filter(Boolean).join(" · "), problem.detail,
    ...(problem.advice ?? []).map((item) => `- ${item}`), problem.reply, problem.stderr, transcriptText(problem.transcript ?? []),
  ].filter(Boolean).join("\n\n");
}
