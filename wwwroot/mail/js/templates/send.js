import { call, path } from "../api.js";
import { showFailure } from "../diagnosis/failure.js";
import { sendDialog } from "../diagnosis/test-mail.js";
import { t } from "../i18n.js";
import { settings } from "../settings/settings.js";

const patience = 75_000;

/**
 * Sends the template as it is on the page, with the sample's values, to somebody.
 * @param {string} name
 * @param {{ locale: string, model: object, draft: object }} body
 */
export async function sendSample(name, body) {
  await settings.load(new AbortController().signal, true);
  sendDialog({
    lead: t("editor.sends"),
    send: (to, signal) => call("POST", path("templates", name, "test"), { body: { ...(to ? { to } : {}), ...body }, signal, timeout: patience }),
    failed: (problem) => showFailure(problem, settings.draft.transports.find(({ id }) => id === problem.transport), () => sendSample(name, body)),
  });
}
