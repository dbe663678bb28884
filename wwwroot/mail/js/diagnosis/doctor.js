import { call } from "../api.js";
import { button, fill, h } from "../dom.js";
import { faultsText, isAborted, milliseconds } from "../format.js";
import { t, word } from "../i18n.js";
import { link } from "../router.js";
import { settings } from "../settings/settings.js";
import { stateDot } from "../state.js";
import { copyButton } from "../ui/copy.js";
import { openDialog } from "../ui/dialog.js";
import { adviceList, certificateFacts, fixButton, serversWords, whoActs } from "./failure.js";

const levels = { ok: "good", failed: "bad", skipped: "off", warning: "warn" };
const silence = 45_000;

/**
 * Examines a transport step by step, with the values on the page where they are not saved yet: each step appears as it is done, then one verdict.
 * @param {{ id: string, name?: string }} [transport] the first enabled one where none is named
 */
export function diagnose(transport) {
  const isDraft = settings.isDirty();
  const steps = h("ol", { class: "exam" });
  const now = h("p", { class: "exam-now muted", role: "status" }, t("doctor.running"));
  const end = h("section", { class: "exam-end", "aria-live": "polite" });
  const acts = h("div", { class: "actions" });
  const running = new AbortController();
  const said = [];
  const name = transport?.name || transport?.id || t("test.first");
  const dialog = openDialog({
    name: "doctor", wide: true, title: t("doctor.title", { name }),
    body: [h("p", { class: "muted" }, t(isDraft ? "doctor.draft" : "doctor.saved")), h("div", { role: "log", "aria-label": t("doctor.steps") }, steps), now, end, acts],
    onClose: () => running.abort(),
  });
  drawActs();
  examine();

  async function examine() {
    const body = { ...(transport ? { transport: transport.id } : {}), ...(isDraft ? { settings: settings.payload() } : {}) };
    try {
      await call("POST", "diagnose", { body, accept: "application/x-ndjson", signal: running.signal, timeout: silence, onLine: (line) => line && hear(JSON.parse(line)) });
      if (!end.hasChildNodes()) say(t("doctor.brokenOff"));
    } catch (error) {
      if (!isAborted(error)) say(faultsText(error));
    } finally {
      now.hidden = true;
    }
  }

  function hear(found) {
    said.push(found);
    if (found.step === "verdict") conclude(found);
    else if (found.step !== "start") steps.append(stepRow(found));
    now.textContent = t("doctor.running");
    dialog.element.scrollTo({ top: dialog.element.scrollHeight });
  }

  function say(text) {
    fill(end, h("p", { class: "fault", role: "alert" }, text));
    drawActs(true);
  }

  function conclude(verdict) {
    now.hidden = true;
    dialog.element.classList.add(verdict.outcome === "ok" ? "good" : verdict.outcome === "warning" ? "warn" : "bad");
    fill(end,
      h("h3", { class: "exam-verdict" }, stateDot(levels[verdict.outcome] ?? "unknown"), h("strong", null, verdict.cause.text)),
      verdict.outcome !== "ok" && h("p", { class: "muted" }, [verdict.stage && t("failure.stage", { stage: word("stage", verdict.stage) }), t(`doctor.confidence.${verdict.confidence}`)].filter(Boolean).join(" · ")),
      verdict.outcome !== "ok" && whoActs(verdict.cause), adviceList(verdict.advice), serversWords(verdict.reply), certificateFacts(verdict.certificate), commands(verdict.commands),
      verdict.transcriptId && h("p", null, h("a", { href: link(["debug", "transcripts", verdict.transcriptId]), onclick: () => dialog.close() }, t("transcript.read"))));
    drawActs(true, fixButton(verdict.fix, () => dialog.close()));
  }

  function drawActs(isDone = false, fix = null) {
    fill(acts,
      button(t(isDone ? "close" : "cancel"), () => dialog.close(), { act: "close" }),
      isDone && copyButton(() => report(name, said), t("failure.copy")),
      isDone && button(t("doctor.again"), () => { dialog.close(); diagnose(transport); }, { act: "diagnose-again", kind: fix ? null : "primary" }),
      fix);
    if (isDone) (fix ?? acts.lastElementChild).focus();
  }
}

const stepRow = ({ step, target, outcome, durationMs, detail }) => h("li", { class: outcome, dataset: { step, outcome } },
  stateDot(levels[outcome] ?? "unknown"),
  h("span", { class: "exam-step" }, h("strong", null, word("step", step)), " ", target && h("span", { class: "mono muted break" }, target), h("span", { class: "unseen" }, ` ${t(`doctor.outcome.${outcome}`)}`)),
  h("span", { class: "exam-time muted" }, outcome !== "skipped" && durationMs > 0 && milliseconds(durationMs)),
  h("span", { class: "exam-detail break" }, detail));

function commands(list) {
  return list?.length > 0 && h("details", { dataset: { fold: "commands" } }, h("summary", null, t("doctor.commands")), h("p", { class: "help" }, t("doctor.commandsHelp")),
    list.map((command) => h("div", { class: "with-button command" }, h("pre", { class: "words", tabindex: "0" }, command), copyButton(() => command))));
}

const report = (name, said) => [t("doctor.title", { name }), ...said.filter(({ step }) => step !== "start").map((found) => (found.step === "verdict"
  ? [`= ${found.cause.text}`, ...found.advice.map((item) => `- ${item}`), found.reply, ...found.commands].filter(Boolean).join("\n")
  : `${found.outcome.padEnd(8)}${String(found.durationMs).padStart(6)} ms  ${word("step", found.step)} ${found.target ?? ""}  ${found.detail}`))].join("\n");
