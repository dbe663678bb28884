import { call, get } from "../api.js";
import { button, fill, h } from "../dom.js";
import { duration, number } from "../format.js";
import { t, word } from "../i18n.js";
import { link } from "../router.js";
import { settings } from "../settings/settings.js";
import { levels, onState, refreshState, stateDot, stateFacts } from "../state.js";
import { testMail } from "../diagnosis/test-mail.js";
import { ask, tellFault } from "../ui/dialog.js";
import { attention } from "./attention.js";
import { countsCard } from "./counts.js";

const waiting = ["queued", "sending", "deferred"];
const windows = ["1h", "24h", "30d"];

/** The view `#/overview`: is mail leaving, through what, how much waits, what became of it, and what needs somebody. */
export async function showOverview(main, to, signal) {
  await settings.load(signal);
  if (signal.aborted) return;
  const sentence = h("section", { class: "verdict", dataset: { level: "unknown" }, "aria-live": "polite" });
  const needs = h("section", { class: "needs", "aria-labelledby": "needs-title" });
  const now = h("section", { "aria-labelledby": "now-title" });
  const ways = h("section", { "aria-labelledby": "ways-title" });
  const cards = windows.map((window) => countsCard(window));
  const pause = button(t("overview.pause"), () => setPaused(true), { act: "pause" });
  fill(main, h("div", { class: "title-row" }, h("h1", null, t("nav.overview")), pause), sentence, needs, now,
    h("section", { "aria-labelledby": "counts-title" }, h("h2", { id: "counts-title" }, t("overview.counts")), h("div", { class: "counts" }, cards.map(({ element }) => element))), ways);
  const drawn = new Map();
  const more = { debug: null };
  const draw = (state) => {
    const facts = { ...stateFacts(), ...more };
    // What is drawn anew is read anew and loses the focus: only news are drawn.
    const news = (place, value, how) => {
      if (drawn.get(place) === JSON.stringify(value)) return;
      drawn.set(place, JSON.stringify(value));
      how();
    };
    news(sentence, state, () => fill(sentence, h("p", { class: "sentence" }, stateDot(state.level), h("span", null, state.sentence)), helpButton(state.help)));
    sentence.dataset.level = state.level;
    pause.hidden = facts.delivery?.paused !== false;
    const items = attention(facts, state.help?.href);
    news(needs, items.map(({ text }) => text), () => drawNeeds(needs, items));
    news(now, facts.stats, () => drawNow(now, facts.stats));
    news(ways, [facts.settings, facts.transports], () => drawWays(ways, facts));
  };
  signal.addEventListener("abort", onState((state) => { draw(state); loadMore(state); }));
  refreshState();

  /** Figures and the debug switch, which only this view shows. */
  async function loadMore(state) {
    const quiet = (error) => { if (!signal.aborted) return null; throw error; };
    const answers = await Promise.all([get("debug", { signal }).catch(quiet), ...windows.map((window) => get("stats", { query: { window }, signal }).catch(quiet))]).catch(() => null);
    if (!answers) return;
    const [debug, ...figures] = answers;
    more.debug = debug?.data ?? null;
    figures.forEach((answer, index) => { if (answer) cards[index].draw(answer.data); });
    draw(state);
  }
}

function helpButton(help) {
  if (!help) return null;
  if (help.href) return h("a", { class: "button primary", href: help.href, dataset: { act: "help" } }, help.label);
  const acts = { "test": () => testMail(), "resume-delivery": () => setPaused(false) };
  return button(help.label, acts[help.act], { act: "help", kind: "primary" });
}

/** Paused, mail is accepted and kept; that is worth a question, going on is not. */
async function setPaused(paused) {
  if (paused && !await ask({ title: t("overview.pauseTitle"), text: t("overview.pauseText"), confirm: t("overview.pause") })) return;
  try {
    await call("PUT", "delivery", { body: { paused } });
    await refreshState();
  } catch (error) {
    tellFault(error);
  }
}

function drawNeeds(place, items) {
  fill(place, h("h2", { id: "needs-title" }, t("attention.title")),
    items.length === 0 ? h("p", { class: "muted" }, t("attention.none")) : h("ul", { class: "needs-list", dataset: { list: "attention" } }, items.map(({ level, text, act }) => h("li", null,
      stateDot(level), h("span", { class: "break" }, text),
      act.href ? h("a", { class: "button", href: act.href, dataset: { act: act.name } }, act.label) : button(act.label, act.run, { act: act.name })))));
}

/** What waits now, each figure a way into the list. */
function drawNow(place, stats) {
  place.hidden = !stats?.byStatus;
  if (place.hidden) return;
  fill(place, h("h2", { id: "now-title" }, t("overview.now")),
    h("ul", { class: "numbers" }, waiting.map((status) => h("li", null,
      h("a", { href: link(["messages"], { status }), dataset: { count: status } }, h("span", { class: "number" }, number(stats.byStatus[status] ?? 0)), h("span", null, word("status", status)))))),
    stats.oldestQueuedSeconds > 0 && h("p", { class: "muted" }, t("overview.oldest", { time: duration(stats.oldestQueuedSeconds) })));
}

function drawWays(place, facts) {
  const transports = (facts.settings?.transports ?? []).map((transport) => ({ ...transport, ...facts.transports?.find(({ id }) => id === transport.id) }));
  place.hidden = transports.length === 0 || !facts.transports;
  if (place.hidden) return;
  const head = ["transport", "state", "sent", "waiting"].map((name) => h("th", { scope: "col", class: ["sent", "waiting"].includes(name) ? "num" : null }, t(`overview.${name}`)));
  fill(place, h("h2", { id: "ways-title" }, t("nav.transports")), h("table", { class: "rows" }, h("thead", null, h("tr", null, head)),
    h("tbody", null, transports.map((transport) => {
      const state = transport.enabled === false ? "disabled" : transport.state;
      return h("tr", null,
        h("th", { scope: "row" }, h("a", { href: link(["transports", transport.id]) }, transport.name || transport.id)),
        h("td", { dataset: { label: t("overview.state") } }, h("span", { class: "nowrap" }, stateDot(levels[state] ?? "unknown"), word("state", state ?? "unknown"))),
        h("td", { class: "num", dataset: { label: t("overview.sent") } }, number(transport.sentToday ?? 0)),
        h("td", { class: "num", dataset: { label: t("overview.waiting") } }, number(transport.waiting ?? 0)));
    }))));
}
