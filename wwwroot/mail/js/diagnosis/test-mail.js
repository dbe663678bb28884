import { call } from "../api.js";
import { button, h } from "../dom.js";
import { errorText, faultsText, isAborted, milliseconds } from "../format.js";
import { t } from "../i18n.js";
import { go, link } from "../router.js";
import { transportOf, transportPath } from "../settings/paths.js";
import { settings } from "../settings/settings.js";
import { showFailure } from "./failure.js";
import { refreshState } from "../state.js";
import { alertPlace, notice, openDialog } from "../ui/dialog.js";

const patience = 75_000;

/**
 * Asks where the test mail goes and sends it, with the values on the page where they are not saved yet.
 * @param {{ id: string, name?: string }} [transport] the first enabled one where none is named
 */
export function testMail(transport) {
  const isDraft = settings.isDirty();
  sendDialog({
    lead: t(isDraft ? "test.draft" : "test.saved", { name: transport?.name || transport?.id || t("test.first") }),
    extra: questions(),
    send: (to, signal) => call("POST", "test", { body: body(to, transport, isDraft), signal, timeout: patience }),
    note: isDraft && t("test.notSaved"),
    failed: (problem) => showFailure(problem, transport, () => testMail(settings.draft.transports.find(({ id }) => id === transport?.id))),
    refused: (error) => inForm(error, transport),
  });
}

const body = (to, transport, isDraft) => ({ ...(to ? { to } : {}), ...(transport ? { transport: transport.id } : {}), ...(isDraft ? { settings: settings.payload() } : {}) });

/** What is wrong with the values is shown at their fields. */
function inForm(error, transport) {
  const fields = { ...error.errors };
  if (Object.keys(fields).length === 0 && error.slug === "password-needed" && transport) fields[`${transportPath(transport.id)}.smtp.password`] = [errorText(error)];
  if (Object.keys(fields).length === 0) return null;
  return () => {
    settings.setErrors(fields);
    const [path] = settings.errors.keys();
    const id = transportOf(path);
    go(link(id === null ? ["transports"] : ["transports", id], { field: path }));
  };
}

/** What administrators ask when a test or a user's mail does not arrive. */
export function questions() {
  return h("details", { class: "questions" }, h("summary", null, t("faq.title")),
    h("dl", null, ["arrived", "address", "connect", "own", "firewall", "certificate"].map((name) => [h("dt", null, t(`faq.${name}.q`)), h("dd", null, t(`faq.${name}.a`))])));
}

/**
 * Asks where a mail goes and sends it: an answer, a stop, or why it failed.
 * @param {object} parts
 * @param {string} parts.lead a sentence: through what, with which values
 * @param {Node} [parts.extra] what stands below
 * @param {(to: string, signal: AbortSignal) => Promise<{ data: object }>} parts.send
 * @param {string|false} [parts.note] a line more, where it was sent
 * @param {(problem: object) => void} parts.failed a relay could not be used (424); the dialog is closed
 * @param {(error: Error) => (() => void)|null} [parts.refused] where a refusal is better shown, after the dialog is closed
 */
export function sendDialog({ lead, extra, send, note, failed, refused }) {
  const to = h("input", { id: "test-to", name: "to", type: "email", class: "mono", autocomplete: "email", spellcheck: "false", value: settings.draft?.adminAddress ?? "", "aria-describedby": "test-to-help test-to-error" });
  const wrong = h("p", { class: "error", id: "test-to-error" });
  const fault = alertPlace();
  const submit = h("button", { type: "submit", class: "primary", dataset: { act: "send-test" } }, t("test.send"));
  let running = null;
  const cancel = button(t("cancel"), () => (running ? running.abort() : dialog.close()), { act: "cancel-test" });
  const form = h("form", { novalidate: true },
    h("p", null, lead),
    h("div", { class: "field" }, h("label", { for: "test-to" }, t("test.to")), to, h("p", { class: "help", id: "test-to-help" }, t("test.toHelp")), wrong),
    fault.element, extra,
    h("div", { class: "actions" }, cancel, submit));
  const dialog = openDialog({ name: "test", title: t("test.send"), body: [form], onClose: () => running?.abort() });
  to.select();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (running) return;
    running = new AbortController();
    wrong.textContent = "";
    to.setAttribute("aria-invalid", "false");
    fault.say("");
    const stopClock = busy(submit);
    try {
      const { data } = await send(to.value.trim(), running.signal);
      dialog.close();
      succeeded(data, note);
    } catch (error) {
      explain(error);
    } finally {
      running = null;
      stopClock();
      refreshState();
    }
  });

  function explain(error) {
    if (isAborted(error)) return dialog.element.isConnected && fault.say(t("test.aborted"));
    if (error.status === 424) {
      dialog.close();
      return failed(error.problem);
    }
    const ofRecipient = error.errors?.to;
    if (ofRecipient || error.slug === "no-recipient") {
      wrong.textContent = [ofRecipient ?? errorText(error)].flat().join(" · ");
      to.setAttribute("aria-invalid", "true");
      return to.focus();
    }
    const show = refused?.(error);
    if (!show) return fault.say(faultsText(error));
    dialog.close();
    return show();
  }
}

/** "Testing… 3 s" on the button; the caller stops it. */
function busy(submit) {
  const since = Date.now();
  submit.setAttribute("aria-disabled", "true");
  submit.setAttribute("aria-live", "off");
  const draw = () => { submit.textContent = t("test.busy", { seconds: Math.floor((Date.now() - since) / 1000) }); };
  draw();
  const timer = setInterval(draw, 1000);
  return () => {
    clearInterval(timer);
    submit.removeAttribute("aria-disabled");
    submit.textContent = t("test.send");
  };
}

function succeeded(data, note) {
  notice(t("test.passed"), {
    lines: [
      h("span", { class: "mono" }, data.reply),
      [data.tls || t("test.noTls"), data.durationMs !== undefined && milliseconds(data.durationMs)].filter(Boolean).join(" · "),
      data.transcriptId && h("a", { href: link(["debug", "transcripts", data.transcriptId]) }, t("transcript.read")),
      note,
    ],
  });
}
