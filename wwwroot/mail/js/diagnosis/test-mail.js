import { call } from "../api.js";
import { alertPlace, openDialog } from "../ui/dialog.js";
import { button, h } from "../dom.js";
import { errorText, isAborted } from "../errors.js";
import { showFailure } from "./failure.js";
import { milliseconds } from "../format.js";
import { t } from "../i18n.js";
import { notice } from "../ui/notice.js";
import { transportOf, transportPath } from "../settings/paths.js";
import { go, link } from "../router.js";
import { settings } from "../settings/settings.js";
import { refreshState } from "../state.js";

/**
 * Asks where the test mail goes and sends it, with the values on the page where they are not saved yet.
 * @param {{ id: string, name?: string }} [transport] the first enabled one where none is named
 */
export function testMail(transport) {
  const isDraft = settings.isDirty();
  const to = h("input", { id: "test-to", name: "to", type: "email", class: "mono", autocomplete: "email", spellcheck: "false", value: settings.draft?.adminAddress ?? "", "aria-describedby": "test-to-help test-to-error" });
  const wrong = h("p", { class: "error", id: "test-to-error" });
  const fault = alertPlace();
  const submit = h("button", { type: "submit", class: "primary", dataset: { act: "send-test" } }, t("test.send"));
  let running = null;
  const cancel = button(t("cancel"), () => (running ? running.abort() : dialog.close()), { act: "cancel-test" });
  const form = h("form", { novalidate: true },
    h("p", null, t(isDraft ? "test.draft" : "test.saved", { name: transport?.name || transport?.id || t("test.first") })),
    h("div", { class: "field" }, h("label", { for: "test-to" }, t("test.to")), to, h("p", { class: "help", id: "test-to-help" }, t("test.toHelp")), wrong),
    fault.element, questions(),
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
      const { data } = await call("POST", "test", { body: body(to.value.trim(), transport, isDraft), signal: running.signal, timeout: 75_000 });
      dialog.close();
      succeeded(data, isDraft);
    } catch (error) {
      failed(error);
    } finally {
      running = null;
      stopClock();
      refreshState();
    }
  });

  function failed(error) {
    if (isAborted(error)) return dialog.element.isConnected && fault.say(t("test.aborted"));
    if (error.status === 424) {
      dialog.close();
      return showFailure(error.problem, transport, () => testMail(settings.draft.transports.find(({ id }) => id === transport?.id)));
    }
    const { to: ofRecipient, ...ofFields } = error.errors;
    if (ofRecipient || error.slug === "no-recipient") {
      wrong.textContent = [ofRecipient ?? errorText(error)].flat().join(" · ");
      to.setAttribute("aria-invalid", "true");
      return to.focus();
    }
    if (Object.keys(ofFields).length === 0 && error.slug === "password-needed" && transport) ofFields[`${transportPath(transport.id)}.smtp.password`] = [errorText(error)];
    if (Object.keys(ofFields).length === 0) return fault.say(errorText(error));
    dialog.close();
    settings.setErrors(ofFields);
    const [path] = settings.errors.keys();
    const id = transportOf(path);
    return go(link(id === null ? ["transports"] : ["transports", id], { field: path }));
  }
}

const body = (to, transport, isDraft) => ({ ...(to ? { to } : {}), ...(transport ? { transport: transport.id } : {}), ...(isDraft ? { settings: settings.payload() } : {}) });

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

function succeeded(data, isDraft) {
  notice(t("test.passed"), {
    lines: [
      h("span", { class: "mono" }, data.reply),
      [data.tls || t("test.noTls"), data.durationMs !== undefined && milliseconds(data.durationMs)].filter(Boolean).join(" · "),
      data.transcriptId && h("a", { href: link(["debug", "transcripts", data.transcriptId]) }, t("transcript.read")),
      isDraft && settings.isDirty() && t("test.notSaved"),
    ],
  });
}

/** What administrators ask when a test or a user's mail does not arrive. */
export function questions() {
  return h("details", { class: "questions" }, h("summary", null, t("faq.title")),
    h("dl", null, ["arrived", "address", "connect", "own", "firewall", "certificate"].map((name) => [h("dt", null, t(`faq.${name}.q`)), h("dd", null, t(`faq.${name}.a`))])));
}
