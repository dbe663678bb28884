import { call } from "./api.js";
import { ask } from "./dialog.js";
import { button, fill, h } from "./dom.js";
import { errorText } from "./errors.js";
import { duration, number } from "./format.js";
import { t, word } from "./i18n.js";
import { notice } from "./notice.js";
import { link } from "./router.js";
import { settings } from "./settings.js";
import { onState, refreshState, stateDot, stateFacts } from "./state.js";
import { testMail } from "./test-mail.js";

const counted = ["queued", "deferred", "sent", "failed"];
const rest = ["sending", "partial", "captured", "expired", "suppressed", "canceled"];

/** The view `#/overview`: is mail leaving, through what, how much waits, and the one button that helps. */
export async function showOverview(main, to, signal) {
  await settings.load(signal);
  if (signal.aborted) return;
  const sentence = h("section", { class: "verdict", dataset: { level: "unknown" }, "aria-live": "polite" });
  const counts = h("section", { class: "counts", "aria-labelledby": "counts-title" });
  const ways = h("section", { "aria-labelledby": "ways-title" });
  const pause = button(t("overview.pause"), () => setPaused(true), { act: "pause" });
  fill(main, h("div", { class: "title-row" }, h("h1", null, t("nav.overview")), pause), sentence, counts, ways);
  let said = "";
  signal.addEventListener("abort", onState((state) => {
    // A live region that is drawn anew is read anew: only news are.
    if (said !== JSON.stringify(state)) fill(sentence, h("p", { class: "sentence" }, stateDot(state.level), h("span", null, state.sentence)), helpButton(state.help));
    said = JSON.stringify(state);
    sentence.dataset.level = state.level;
    pause.hidden = stateFacts().delivery?.paused !== false;
    keepFocus(counts, () => drawCounts(counts, stateFacts().stats));
    keepFocus(ways, () => drawWays(ways, stateFacts()));
  }));
  refreshState();
}

/** News arrive while somebody is on a link: the link that leads to the same place gets the focus back. */
function keepFocus(place, draw) {
  const href = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  draw();
  if (href) place.querySelector(`[href="${CSS.escape(href)}"]`)?.focus();
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
    notice(errorText(error), { kind: "warn", keep: true });
  }
}

/** The last 24 hours in numbers, each a way into the list. */
function drawCounts(place, stats) {
  place.hidden = !stats?.byStatus;
  if (place.hidden) return;
  const more = rest.filter((status) => stats.byStatus[status] > 0);
  fill(place, h("h2", { id: "counts-title" }, t("overview.counts")),
    h("ul", { class: "numbers" }, [...counted, ...more].map((status) => h("li", null,
      h("a", { href: link(["messages"], { status }), dataset: { count: status } }, h("span", { class: "number" }, number(stats.byStatus[status] ?? 0)), h("span", null, word("status", status)))))),
    stats.oldestQueuedSeconds > 0 && h("p", { class: "muted" }, t("overview.oldest", { time: duration(stats.oldestQueuedSeconds) })));
}

function drawWays(place, facts) {
  const transports = (facts.settings?.transports ?? []).map((transport) => ({ ...transport, ...facts.transports?.find(({ id }) => id === transport.id) }));
  place.hidden = transports.length === 0 || !facts.transports;
  if (place.hidden) return;
  const levels = { healthy: "good", degraded: "warn", suspended: "bad", disabled: "off" };
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
