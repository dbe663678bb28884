import { call, get, path } from "./api.js";
import { ask, alertPlace, openDialog } from "./dialog.js";
import { button, fill, h } from "./dom.js";
import { errorText } from "./errors.js";
import { mailbox, milliseconds, moment } from "./format.js";
import { t, word } from "./i18n.js";
import { statuses } from "./messages.js";
import { notice } from "./notice.js";
import { go, link } from "./router.js";
import { stateDot } from "./state.js";

const levels = { pending: "unknown", sending: "unknown", accepted: "good", captured: "good", deferred: "warn", uncertain: "warn", failed: "bad", expired: "bad", suppressed: "off", canceled: "off" };
const allowed = { retry: ["deferred", "failed", "expired", "queued", "partial"], cancel: ["queued", "deferred", "sending"], resend: ["sent", "captured", "partial", "failed", "expired", "canceled", "suppressed"] };
const missing = new Set();

/** One message: what became of each recipient, each attempt in the relay's words, and what can be done. */
export async function showMessage(main, id, signal) {
  const { data } = await get(path("messages", id), { signal });
  const again = () => showMessage(main, id, signal).catch((error) => notice(errorText(error), { kind: "warn" }));
  const offers = (act) => allowed[act].includes(data.status) && !missing.has(act);
  fill(main,
    h("p", { class: "back" }, h("a", { href: "#/messages" }, `← ${t("nav.messages")}`)),
    h("div", { class: "title-row" }, h("h1", { class: "break" }, data.subject || t("messages.noSubject")),
      h("div", { class: "title-acts" },
        offers("retry") && button(t("message.retry"), () => act("retry", id, again), { act: "retry", kind: "primary" }),
        offers("resend") && button(t("message.resend"), () => resend(id, data, again), { act: "resend" }),
        offers("cancel") && button(t("message.cancel"), () => cancel(id, again), { act: "cancel-message", kind: "danger" }))),
    h("dl", { class: "facts" }, facts(data).filter(([, value]) => value).map(([name, value]) => [h("dt", null, t(`message.${name}`)), h("dd", { class: ["id", "messageId"].includes(name) ? "mono break" : "break" }, value)])),
    h("h2", null, t("message.recipients")), h("table", { class: "rows tall", dataset: { list: "recipients" } }, heads("recipient", "state", "reply", "transport", "when"), h("tbody", null, (data.recipients ?? []).map(recipient))),
    h("h2", null, t("message.attempts")),
    data.attempts?.length > 0 ? h("table", { class: "rows tall", dataset: { list: "attempts" } }, heads("when", "transport", "outcome", "reply", "transcript"), h("tbody", null, data.attempts.map(attempt))) : h("p", { class: "muted" }, t("message.noAttempts")));
}

function facts(data) {
  return [
    ["status", h("span", { dataset: { status: data.status } }, stateDot(statuses[data.status] ?? "unknown"), word("status", data.status))],
    ["from", mailbox(data.from)], ["source", data.source], ["created", moment(data.createdAt)],
    ["next", ["queued", "deferred"].includes(data.status) && data.nextAttemptAt && moment(data.nextAttemptAt)],
    ["expires", ["queued", "deferred"].includes(data.status) && data.expiresAt && moment(data.expiresAt)],
    ["resentFrom", data.resentFrom && h("a", { href: link(["messages", data.resentFrom]) }, data.resentFrom)],
    ["resentTo", data.resentTo && [data.resentTo].flat().map((to) => [h("a", { href: link(["messages", to]) }, to), " "])],
    ["id", data.id], ["messageId", data.messageId],
  ];
}

const heads = (...names) => h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col", class: name }, t(`message.${name}`)))));
const cell = (name, ...content) => h("td", { dataset: { label: t(`message.${name}`) } }, h("span", null, content));
const dotted = (state, text) => h("span", { class: "nowrap" }, stateDot(levels[state] ?? "unknown"), text);
const words = (reply) => h("span", { class: "mono break" }, reply || "—");

const recipient = (item) => h("tr", null,
  h("td", { class: "mono break" }, item.address, item.kind && item.kind !== "to" && h("span", { class: "muted" }, ` ${item.kind}`)),
  cell("state", dotted(item.state, word("outcome", item.state))), cell("reply", words(item.reply)), cell("transport", item.transport ?? "—"), cell("when", item.at ? moment(item.at) : "—"));

const attempt = (item) => h("tr", null,
  h("td", null, moment(item.at)), cell("transport", item.transport ?? "—"),
  cell("outcome", dotted(item.outcome, word("outcome", item.outcome)), item.durationMs !== undefined && h("span", { class: "muted" }, ` ${milliseconds(item.durationMs)}`)),
  cell("reply", words(item.reply)), cell("transcript", item.transcriptId ? h("a", { href: link(["debug", "transcripts", item.transcriptId]) }, t("transcript.read")) : "—"));

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
