import { call, get, path } from "../api.js";
import { back, button, empty, fill, h, skeleton } from "../dom.js";
import { whoActs } from "../diagnosis/failure.js";
import { bytes, isAborted, mailbox, milliseconds, moment } from "../format.js";
import { t, word } from "../i18n.js";
import { go, link } from "../router.js";
import { stateDot } from "../state.js";
import { alertPlace, ask, notice, openDialog, tellFault } from "../ui/dialog.js";
import { tabs } from "../ui/choice.js";
import { contentParts, showContent } from "./content.js";

const levels = { pending: "unknown", sending: "unknown", accepted: "good", captured: "good", deferred: "warn", uncertain: "warn", failed: "bad", expired: "bad", suppressed: "off", canceled: "off" };

/** After how long an unfinished message is looked at again. */
const looks = { queued: 3000, sending: 2000, deferred: 15_000 };

/** The views `#/messages/{id}`, what became of it, and `#/messages/{id}/{part}`, what it says. */
export async function showMessage(main, id, part, signal) {
  const now = contentParts.includes(part) ? part : "delivery";
  const [acts, about, place] = [h("div", { class: "title-acts" }), h("dl", { class: "facts" }), h("div", { class: "tab-place" })];
  let { data } = await get(path("messages", id), { signal });
  let timer = 0;
  signal.addEventListener("abort", () => clearTimeout(timer));
  fill(main,
    back("#/messages", t("nav.messages")),
    h("div", { class: "title-row" }, h("h1", { class: "break" }, data.subject || t("messages.noSubject")), acts),
    about,
    tabs(t("message.parts"), ["delivery", ...contentParts].map((name) => ({ name, href: link(name === "delivery" ? ["messages", id] : ["messages", id, name]), text: t(`content.${name}`) })), now),
    place);
  draw();
  if (now === "delivery") return;
  fill(place, skeleton());
  if (data.hasContent === false) fill(place, empty(t("content.gone")));
  else await showContent(place, id, now, signal);

  function draw() {
    fill(acts, messageActs(data, look));
    fill(about, facts(data).filter(([, value]) => value).map(([name, value]) => [h("dt", null, t(`message.${name}`)), h("dd", { class: ["id", "messageId"].includes(name) ? "mono break" : "break" }, value)]));
    if (now === "delivery") fill(place, delivery(data));
    clearTimeout(timer);
    if (looks[data.status]) timer = setTimeout(look, looks[data.status]);
  }

  /** Draws what is new; what cannot be read now may be the next time. */
  async function look() {
    try {
      ({ data } = await get(path("messages", id), { signal }));
    } catch (error) {
      if (isAborted(error)) return;
      tellFault(error);
    }
    draw();
  }
}

const delivery = (data) => [
  h("h2", null, t("message.recipients")), h("table", { class: "rows tall", dataset: { list: "recipients" } }, heads("recipient", "state", "reply", "transport", "when"), h("tbody", null, (data.recipients ?? []).map(recipient))),
  h("h2", null, t("message.attempts")),
  data.attempts?.length > 0 ? h("table", { class: "rows tall", dataset: { list: "attempts" } }, heads("when", "transport", "outcome", "reply", "transcript"), h("tbody", null, data.attempts.map(attempt))) : h("p", { class: "muted" }, t("message.noAttempts")),
];

function facts(data) {
  return [
    ["status", h("span", { dataset: { status: data.status } }, stateDot(statuses[data.status] ?? "unknown"), word("status", data.status))],
    ["from", mailbox(data.from)], ["source", data.source], ["template", data.template && h("a", { href: link(["templates", data.template]) }, data.template)], ["size", data.size > 0 && bytes(data.size)], ["created", moment(data.createdAt)],
    ["next", ["queued", "deferred"].includes(data.status) && data.nextAttemptAt && moment(data.nextAttemptAt)],
    ["expires", ["queued", "deferred"].includes(data.status) && data.expiresAt && moment(data.expiresAt)],
    ["resentFrom", data.resentFrom && h("a", { href: link(["messages", data.resentFrom]) }, data.resentFrom)],
    ["resentTo", data.resentTo && [data.resentTo].flat().map((to) => [h("a", { href: link(["messages", to]) }, to), " "])],
    ["id", [data.id, " · ", h("a", { href: link(["debug", "log"], { message: data.id }) }, t("debug.log"))]], ["messageId", data.messageId],
  ];
}

const heads = (...names) => h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col", class: name }, t(`message.${name}`)))));
const cell = (name, ...content) => h("td", { dataset: { label: t(`message.${name}`) } }, h("span", null, content));
const dotted = (state, text) => h("span", { class: "nowrap" }, stateDot(levels[state] ?? "unknown"), text);
const words = (reply, why) => [h("span", { class: "mono break" }, reply || "—"), why && h("span", { class: "why break" }, why)];

/** Why this transport: `first in order`, `failover: primary is suspended`. */
function reason(why) {
  const [, way, what, state] = /^(failover from|failover|passed on by):? (.+?)(?: is (.+))?$/.exec(why) ?? [];
  return way ? t(`why.${way}`, { what, state: state && word("state", state) }) : word("why", why);
}

const recipient = (item) => h("tr", null,
  h("td", { class: "mono break" }, item.address, item.kind && item.kind !== "to" && h("span", { class: "muted" }, ` ${item.kind}`)),
  cell("state", dotted(item.state, word("outcome", item.state))), cell("reply", words(item.reply)), cell("transport", item.transport ?? "—"), cell("when", item.at ? moment(item.at) : "—"));

/** What a refusal means, where it is known. */
const meaning = ({ cause, advice }) => cause && h("div", { class: "meaning" }, h("p", null, h("strong", null, cause.text)), whoActs(cause), advice?.length > 0 && h("ul", null, advice.map((one) => h("li", null, one))));

const attempt = (item) => h("tr", null,
  h("td", null, moment(item.at)), cell("transport", item.transport ?? "—"),
  cell("outcome", dotted(item.outcome, word("outcome", item.outcome)), item.durationMs !== undefined && h("span", { class: "muted" }, ` ${milliseconds(item.durationMs)}`)),
  cell("reply", words(item.reply, item.why && reason(item.why)), meaning(item)), cell("transcript", item.transcriptId ? h("a", { href: link(["debug", "transcripts", item.transcriptId]) }, t("transcript.read")) : "—"));

/** The statuses of a message in the order of the filter, with the level of their dot. */
export const statuses = { queued: "unknown", sending: "unknown", deferred: "warn", sent: "good", captured: "good", partial: "warn", failed: "bad", expired: "bad", suppressed: "off", canceled: "off" };

const allowed = { retry: ["deferred", "failed", "expired", "queued", "partial"], cancel: ["queued", "deferred", "sending"], resend: ["sent", "captured", "partial", "failed", "expired", "canceled", "suppressed"] };

/**
 * What can be done with a message in its status.
 * @param {object} data of the message
 * @param {() => void} again draws the message anew
 */
function messageActs(data, again) {
  const { id } = data;
  const offers = (name) => allowed[name].includes(data.status);
  return [
    offers("retry") && button(t("message.retry"), () => act("retry", id, again), { act: "retry", kind: "primary" }),
    offers("resend") && button(t("message.resend"), () => resend(id, data, again), { act: "resend" }),
    offers("cancel") && button(t("message.cancel"), () => cancel(id, again), { act: "cancel-message", kind: "danger" }),
  ];
}

async function act(name, id, again, body) {
  try {
    const answer = await call("POST", path("messages", id, name), { body });
    notice(t(`message.done.${name}`));
    if (name === "resend" && answer.data?.id) go(link(["messages", answer.data.id]));
    else await again();
  } catch (error) {
    tellFault(error);
    if (error.status === 404 || error.status === 409) await again();
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
