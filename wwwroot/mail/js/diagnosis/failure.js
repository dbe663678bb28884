import { transcriptLines, transcriptText } from "../debug/transcript.js";
import { button, h } from "../dom.js";
import { t, word } from "../i18n.js";
import { go, link } from "../router.js";
import { copyButton } from "../ui/copy.js";
import { notice, openDialog } from "../ui/dialog.js";
import { diagnose } from "./doctor.js";
import { valueText } from "../settings/changes.js";
import { fieldName } from "../settings/error-summary.js";
import { merge, transportOf } from "../settings/paths.js";
import { settings } from "../settings/settings.js";
import { day } from "../format.js";

/**
 * Why a test failed: the cause, who can act, what to do, one press that repairs it where that is possible, and the server's own words.
 * @param {object} problem of a 424
 * @param {{ id: string, name?: string }|undefined} transport
 * @param {() => void} again
 */
export function showFailure(problem, transport, again) {
  const words = [problem.reply, problem.stderr].filter(Boolean).join("\n");
  const where = [transport?.name || transport?.id, problem.stage && t("failure.stage", { stage: word("stage", problem.stage) }), problem.exitCode !== undefined && problem.exitCode !== null && t("failure.exit", { code: problem.exitCode })];
  const fix = fixButton(problem.fix, () => dialog.close());
  const dialog = openDialog({
    name: "failure", wide: true, kind: "bad", title: problem.cause?.text ?? problem.title ?? t("failure.title"),
    body: [
      h("p", { class: "muted" }, where.filter(Boolean).join(" · ")),
      whoActs(problem.cause),
      problem.detail && problem.detail !== problem.cause?.text && h("p", null, problem.detail),
      adviceList(problem.advice), serversWords(words), certificateFacts(problem.certificate),
      problem.transcript?.length > 0 && h("details", { dataset: { fold: "transcript" } }, h("summary", null, t("failure.transcript", { n: problem.transcript.length })), transcriptLines(problem.transcript)),
      problem.transcriptId && h("p", null, h("a", { href: link(["debug", "transcripts", problem.transcriptId]), onclick: () => dialog.close() }, t("transcript.read"))),
    ],
    actions: [
      button(t("close"), () => dialog.close(), { act: "close" }),
      copyButton(() => report(problem, where), t("failure.copy")),
      button(t("doctor.open"), () => { dialog.close(); diagnose(transport); }, { act: "diagnose" }),
      button(t("test.again"), () => { dialog.close(); again(); }, { act: "test-again", kind: fix ? null : "primary" }),
      fix,
    ],
  });
}

function report(problem, where) {
  return [
    problem.cause?.text ?? problem.title, where.filter(Boolean).join(" · "), problem.detail,
    ...(problem.advice ?? []).map((item) => `- ${item}`), problem.reply, problem.stderr, transcriptText(problem.transcript ?? []),
  ].filter(Boolean).join("\n\n");
}

/* The one setting that would cure it, as a failed test and the doctor name it: shown in words, and applied with one press. */

/**
 * The button that applies a fix to the draft, or null where it does not fit the settings on the page.
 * @param {{ path: string, value: unknown }|null|undefined} fix
 * @param {() => void} before is called before the page goes to the field
 */
export function fixButton(fix, before) {
  const found = leavesOf(fix);
  if (found.length === 0) return null;
  return button(t("failure.apply", { fix: found.map(describe).join(t("list.separator")) }), () => { before(); apply(fix, found); }, { act: "apply-fix", kind: "primary" });
}

function leavesOf(fix) {
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
  const label = fieldName(path).split(" › ").pop();
  const shown = valueText(value, path);
  return `${label} → ${shown.length > 40 ? `${shown.slice(0, 16)}…` : shown}`;
}

function apply(fix, found) {
  merge(settings.draft, fix.path.replace(/^settings\./, ""), fix.value);
  settings.touched();
  const id = transportOf(found[0].path);
  go(link(id === null ? ["transports"] : ["transports", id], { field: found[0].path }));
  notice(t("failure.applied"));
}

/* What a failure means, drawn alike in the failure dialog, the doctor's verdict and a message's attempts. */

/** Who can do something about it, and the provider's own page. */
export const whoActs = (cause) => cause?.who && h("p", { class: "who-acts" }, h("span", { class: "tag" }, word("who", cause.who)),
  cause.link && h("a", { href: cause.link, target: "_blank", rel: "noopener noreferrer" }, t("failure.link")));

/** What to do, the likeliest first. */
export const adviceList = (advice) => advice?.length > 0 && [h("h3", null, t("failure.advice")), h("ul", null, advice.map((item) => h("li", null, item)))];

/** The server's own words. */
export const serversWords = (words) => words && [h("h3", null, t("failure.words")), h("pre", { class: "words", tabindex: "0" }, words)];

/** What the server sent, so that it can be compared before it is trusted. */
export function certificateFacts(sent) {
  if (!sent) return null;
  const rows = [["subject", sent.subject], ["names", sent.names?.join(", ")], ["issuer", sent.issuer], ["valid", sent.notAfter && `${day(sent.notBefore)} – ${day(sent.notAfter)}`], ["sha256", sent.sha256]];
  return [h("h3", null, t("certificate.title")), h("dl", { class: "facts", dataset: { part: "certificate" } },
    rows.filter(([, value]) => value).map(([name, value]) => [h("dt", null, t(`certificate.${name}`)), h("dd", { class: "mono break" }, value)]))];
}
