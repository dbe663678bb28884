import { button, empty, fill, h, skeleton } from "../dom.js";
import { t } from "../i18n.js";
import { showLog } from "./log.js";
import { link } from "../router.js";
import { tabs } from "../ui/choice.js";
import { showTranscript, showTranscripts } from "./transcripts.js";
import { call, get } from "../api.js";
import { countdown, faultsText, isAborted, moment, number } from "../format.js";
import { copyButton } from "../ui/copy.js";
import { pager } from "../ui/list.js";
import { alertPlace } from "../ui/dialog.js";
import { settings } from "../settings/settings.js";
import { stateDot } from "../state.js";

const parts = { transcripts: showSwitched, log: showLog, unmatched: showUnmatched };

/** The views `#/debug` (transcripts), `#/debug/log`, `#/debug/unmatched` and `#/debug/transcripts/{id}`. */
export async function showDebug(main, to, signal) {
  const [part = "transcripts", id] = to.parts;
  if (part === "transcripts" && id !== undefined) return showTranscript(main, id, signal);
  const now = part in parts ? part : "transcripts";
  const place = h("div", { class: "tab-place" }, skeleton());
  fill(main,
    h("div", { class: "title-row" }, h("h1", null, t("nav.debug"))),
    h("p", { class: "purpose" }, t("debug.purpose")),
    tabs(t("debug.tabs"), Object.keys(parts).map((name) => ({ name, href: link(name === "transcripts" ? ["debug"] : ["debug", name]), text: t(`debug.${name}`) })), now),
    place);
  await settings.load(signal);
  await parts[now](place, to, signal);
}

/** The transcripts, below the switch that makes more of them. */
async function showSwitched(place, to, signal) {
  const [control, list] = [h("div", null), h("div", null)];
  await Promise.all([debugSwitch(control, signal), showTranscripts(list, to, signal)]);
  fill(place, control, list);
}

/** Refusals whose words nobody knows yet, so that the page could not explain them. */
async function showUnmatched(place, to, signal) {
  const { cursor } = to.query;
  const { data } = await get("knowledge/unmatched", { query: { cursor }, signal });
  if (data.items.length === 0) return fill(place, empty(t("unmatched.empty")));
  const head = ["reply", "count", "last", "transport"].map((name) => h("th", { scope: "col", class: name }, t(`unmatched.${name}`)));
  fill(place, h("p", { class: "purpose" }, t("unmatched.purpose")),
    h("table", { class: "rows tall unmatched", dataset: { list: "unmatched" } }, h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))), h("tbody", null, data.items.map(row))),
    pager(data.next && link(["debug", "unmatched"], { cursor: data.next }), cursor && link(["debug", "unmatched"])));
}

function row(item) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`unmatched.${name}`) } }, h("span", null, content));
  return h("tr", null, h("td", { class: "mono break" }, item.reply), cell("count", number(item.count)), cell("last", item.message ? h("a", { href: link(["messages", item.message]) }, moment(item.lastSeen)) : moment(item.lastSeen)),
    cell("transport", item.transport), h("td", { class: "act" }, copyButton(() => item.reply)));
}

const contents = ["none", "headers", "full"];

/**
 * The debug switch with its clock. It switches itself off.
 * @param {HTMLElement} place
 * @param {AbortSignal} signal
 */
async function debugSwitch(place, signal) {
  const { data } = await get("debug", { signal });
  const fault = alertPlace();
  let timer = 0;
  signal.addEventListener("abort", () => clearInterval(timer));
  draw(data);

  function draw(state) {
    clearInterval(timer);
    const ends = endOf(state);
    const clock = h("span", { class: "clock mono", role: "timer", dataset: { clock: "debug" } });
    const form = h("form", { class: "debug-switch", dataset: { debug: state.enabled ? "on" : "off" }, onsubmit: (event) => { event.preventDefault(); put(true, form); } },
      h("p", { class: "debug-state" }, stateDot(state.enabled ? "warn" : "off"), h("strong", null, t(state.enabled ? "debug.on" : "debug.off")), state.enabled && [" ", clock]),
      h("div", { class: "fields inline" },
        choice("content", contents.map((content) => [content, t(`debug.content.${content}`)]), state.content ?? "none", state.enabled),
        choice("transport", [["", t("debug.allTransports")], ...settings.base.transports.map((transport) => [transport.id, transport.name || transport.id])], state.transport ?? "", state.enabled),
        h("div", { class: "field short" }, h("label", { for: "debug-minutes" }, t("debug.minutes")), h("input", { id: "debug-minutes", name: "minutes", inputmode: "numeric", value: state.enabled ? Math.ceil((ends - Date.now()) / 60_000) : state.minutes || 30, disabled: state.enabled })),
        h("div", { class: "field act" }, state.enabled ? button(t("debug.switchOff"), () => put(false, form), { act: "debug-off", kind: "primary" }) : h("button", { type: "submit", class: "primary", dataset: { act: "debug-on" } }, t("debug.switchOn")))),
      h("p", { class: "help" }, t("debug.help")), fault.element);
    fill(place, form);
    if (!state.enabled) return;
    const tick = () => {
      const left = (ends - Date.now()) / 1000;
      clock.textContent = t("debug.left", { time: countdown(Math.max(0, left)) });
      if (left <= 0) draw({ ...state, enabled: false, minutes: 30 });
    };
    timer = setInterval(tick, 1000);
    tick();
  }

  async function put(enabled, form) {
    const minutes = form.elements.minutes.value.trim();
    const body = { enabled, minutes: enabled && /^\d+$/.test(minutes) ? Number(minutes) : enabled ? minutes : 30, content: form.elements.content.value, transport: form.elements.transport.value || null };
    fault.say("");
    try {
      draw((await call("PUT", "debug", { body, signal })).data ?? body);
      place.querySelector("button")?.focus();
    } catch (error) {
      if (!isAborted(error)) fault.say(faultsText(error));
    }
  }
}

function choice(name, options, value, disabled) {
  return h("div", { class: "field" }, h("label", { for: `debug-${name}` }, t(`debug.${name}`)),
    h("select", { id: `debug-${name}`, name, disabled }, options.map(([option, label]) => h("option", { value: option, selected: option === value }, label))));
}

/** When it ends: as the server says, else counted from its minutes. */
const endOf = (state) => (state.until ? Date.parse(state.until) : Date.now() + (state.minutes ?? 0) * 60_000);
