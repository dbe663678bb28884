import { transcriptLines, transcriptText } from "../debug/transcript.js";
import { button, h } from "../dom.js";
import { t, word } from "../i18n.js";
import { link } from "../router.js";
import { copyButton } from "../ui/copy.js";
import { openDialog } from "../ui/dialog.js";
import { diagnose } from "./doctor.js";
import { fixButton } from "./fix.js";
import { adviceList, certificateFacts, serversWords, whoActs } from "./meaning.js";

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
