import { call, path } from "../api.js";
import { button, h } from "../dom.js";
import { errorText } from "../errors.js";
import { t } from "../i18n.js";
import { go, link } from "../router.js";
import { alertPlace, ask, openDialog } from "../ui/dialog.js";
import { notice } from "../ui/notice.js";

const allowed = { retry: ["deferred", "failed", "expired", "queued", "partial"], cancel: ["queued", "deferred", "sending"], resend: ["sent", "captured", "partial", "failed", "expired", "canceled", "suppressed"] };
const missing = new Set();

/**
 * What can be done with a message in its status.
 * @param {object} data of the message
 * @param {() => void} again draws the message anew
 */
export function messageActs(data, again) {
  const { id } = data;
  const offers = (name) => allowed[name].includes(data.status) && !missing.has(name);
  return [
    offers("retry") && button(t("message.retry"), () => act("retry", id, again), { act: "retry", kind: "primary" }),
    offers("resend") && button(t("message.resend"), () => resend(id, data, again), { act: "resend" }),
    offers("cancel") && button(t("message.cancel"), () => cancel(id, again), { act: "cancel-message", kind: "danger" }),
  ];
}

/** An act this server does not have is not shown again. */
async function act(name, id, again, body) {
  try {
    const answer = await call("POST", path("messages", id, name), { body });
    notice(t(`message.done.${name}`));
    if (name === "resend" && answer.data?.id) go(link(["messages", answer.data.id]));
    else await again();
  } catch (error) {
    if (error.isMissing) missing.add(name);
    notice(error.isMissing ? t("messages.actMissing") : errorText(error), { kind: "warn", keep: true });
    if (error.isMissing || error.status === 409) await again();
  }
}

async function cancel(id, again) {
  if (await ask({ title: t("message.cancelTitle"), text: t("message.cancelText"), confirm: t("message.cancel"), refuse: t("close"), danger: true })) await act("cancel", id, again);
}

/** To the same recipients, or to others. */
function resend(id, data, again) {
  const to = h("textarea", { id: "resend-to", name: "to", rows: 3, class: "mono", spellcheck: "false", "aria-describedby": "resend-help", value: (data.recipients ?? []).map(({ address }) => address).join("\n") });
  const fault = alertPlace();
  const send = () => {
    const addresses = to.value.split(/[\s,;]+/).filter(Boolean);
    if (addresses.length === 0) return fault.say(t("message.resendNobody"));
    const same = addresses.join() === (data.recipients ?? []).map(({ address }) => address).join();
    dialog.close();
    return act("resend", id, again, same ? {} : { to: addresses.map((address) => ({ address })) });
  };
  const dialog = openDialog({
    name: "resend", title: t("message.resendTitle"),
    body: [h("p", null, t("message.resendText")), h("div", { class: "field" }, h("label", { for: "resend-to" }, t("message.resendTo")), to, h("p", { class: "help", id: "resend-help" }, t("message.resendHelp"))), fault.element],
    actions: [button(t("cancel"), () => dialog.close(), { act: "close" }), button(t("message.resend"), send, { act: "send-again", kind: "primary" })],
  });
}
