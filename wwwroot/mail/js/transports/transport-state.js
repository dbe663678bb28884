import { h } from "../dom.js";
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { settings } from "../settings/settings.js";
import { levels, refreshState, stateDot, stateOf } from "../state.js";
import { call, path } from "../api.js";
import { notice, tellFault } from "../ui/dialog.js";

/**
 * How a transport is doing, in words: what the server says of the saved one.
 * @param {string} id
 * @returns {Array}
 */
export function stateWords(id) {
  const transport = settings.draft.transports.find((other) => other.id === id);
  if (!settings.base.transports.some((other) => other.id === id)) return [stateDot("unknown"), t("state.unsaved")];
  if (transport?.enabled === false) return [stateDot("off"), t("state.disabled")];
  const known = stateOf(id);
  if (!known) return [stateDot("unknown"), t("state.unknown")];
  const test = known.lastTest;
  return [
    h("span", { class: "nowrap" }, stateDot(levels[known.state] ?? "unknown"), t(`state.${known.state}`), known.since && known.state !== "healthy" && [" · ", moment(known.since)]),
    known.reason && h("span", { class: "reason" }, known.reason),
    h("span", { class: "muted nowrap", dataset: { test: !test ? "none" : test.changedSince ? "changed" : test.ok ? "passed" : "failed" } }, !test ? t("state.noTest") : [t(test.changedSince ? "state.testChanged" : test.ok ? "state.testPassed" : "state.testFailed"), " ", moment(test.at)]),
    tokenState(known.oauth),
    known.waiting > 0 && h("span", { class: "nowrap" }, t("state.waiting", { n: known.waiting })),
  ];
}

/** Lets a suspended transport be tried at once, instead of when its time comes. */
export async function resume(id) {
  try {
    await call("POST", path("transports", id, "resume"));
    notice(t("transports.resumed"));
    await refreshState();
  } catch (error) {
    tellFault(error);
  }
}

const soon = 14 * 86_400_000;

/** Whether somebody has to sign in at the provider again before long. */
export const endsSoon = (oauth) => Boolean(oauth?.signedIn && oauth.signInEndsAt) && new Date(oauth.signInEndsAt) - Date.now() < soon;

/** Where tokens are had: that nobody has signed in, or that somebody has to again before long. */
function tokenState(oauth) {
  if (!oauth) return null;
  if (!oauth.signedIn) return h("span", { class: "nowrap", dataset: { tokens: "none" } }, t("oauth.notSignedIn"));
  return endsSoon(oauth) && h("span", { class: "nowrap", dataset: { tokens: "ending" } }, t("oauth.ends"), " ", moment(oauth.signInEndsAt));
}
