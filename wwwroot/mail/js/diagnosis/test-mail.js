import { call } from "../api.js";
import { h } from "../dom.js";
import { errorText } from "../errors.js";
import { t } from "../i18n.js";
import { go, link } from "../router.js";
import { transportOf, transportPath } from "../settings/paths.js";
import { settings } from "../settings/settings.js";
import { showFailure } from "./failure.js";
import { sendDialog } from "./send-dialog.js";

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
