/* How the saved transport stands with its provider, with the acts of signing in and out. */

import { call, get, path } from "../api.js";
import { button, fill, h } from "../dom.js";
import { errorText, isAborted, moment } from "../format.js";
import { t } from "../i18n.js";
import { settings } from "../settings/settings.js";
import { refreshState } from "../state.js";
import { copyButton } from "../ui/copy.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { endsSoon } from "../transports/transport-state.js";
import { deviceSignIn } from "./device.js";
import { providerName, redirectAddress } from "./guides.js";

/**
 * @param {ReturnType<import("../settings/form.js").createForm>} form over one transport
 * @param {AbortSignal} drawing
 */
export function accountPanel(form, drawing) {
  const place = h("div", { class: "account", role: "group", "aria-label": t("oauth.account"), dataset: { place: "account" } });
  const saved = () => settings.base.transports.find(({ id }) => id === form.read("id"))?.smtp?.oauth;
  let state = null;
  let asked = null;

  async function load() {
    const id = form.read("id");
    try {
      state = (await get(path("oauth", id), { signal: drawing })).data;
    } catch (error) {
      if (isAborted(error)) return;
      state = { failed: errorText(error) };
    }
    draw();
  }

  function draw() {
    if (!form.read("smtp.oauth")) return;
    const above = form.read("smtp.oauth.flow") === "authorizationCode" && redirectPlace();
    if (!saved()) return fill(place, above, h("p", { class: "help" }, t("oauth.saveFirst")));
    if (asked !== settings.etag) {
      asked = settings.etag;
      load();
    }
    if (!state) return fill(place, above, h("p", { class: "help" }, t("oauth.loading")));
    fill(place, above, state.failed ? [h("p", { class: "hint" }, state.failed), button(t("retry"), load, { act: "reload-account" })] : [facts(state), acts(state)]);
  }

  function acts(known) {
    const provider = providerName(saved());
    const attended = ["authorizationCode", "deviceCode"].includes(known.flow);
    const dirty = settings.isDirty();
    const enter = known.flow === "deviceCode" ? () => deviceSignIn(known, load) : () => leaveFor(known.transport, place);
    return [
      h("div", { class: "actions" },
        attended && button(t(known.device ? "oauth.continue" : known.signedIn ? "oauth.again" : "oauth.signIn", { provider }), enter, { act: "oauth-sign-in", kind: known.signedIn || dirty ? null : "primary", disabled: dirty }),
        attended && known.lastRefreshAt && button(t("oauth.signOut"), () => signOut(known), { act: "oauth-sign-out" })),
      attended && dirty && h("p", { class: "help" }, t("oauth.saveFirst")),
    ];
  }

  async function signOut({ transport, account }) {
    if (!await ask({ title: t("oauth.signOutTitle", { account }), text: t(saved().revokeUrl ? "oauth.signOutText" : "oauth.signOutHere"), confirm: t("oauth.signOut"), danger: true })) return;
    try {
      await call("POST", path("oauth", transport, "revoke"));
      notice(t("oauth.signedOut", { account }));
    } catch (error) {
      tellFault(error);
    }
    refreshState();
    await load();
  }

  drawing.addEventListener("abort", settings.onChange(draw));
  draw();
  return place;
}

function facts(state) {
  const row = (name, value) => [h("dt", null, t(`oauth.${name}`)), h("dd", { dataset: { fact: name } }, value)];
  const attended = ["authorizationCode", "deviceCode"].includes(state.flow);
  return [
    h("p", { class: "account-state", dataset: { signedIn: String(state.signedIn) } }, h("span", { class: `dot ${state.signedIn && !state.error ? "good" : attended ? "bad" : "warn"}`, "aria-hidden": "true" }),
      t(!state.signedIn ? (attended ? "oauth.nobody" : "oauth.lacking") : attended ? "oauth.signedInAs" : "oauth.unattended", { account: state.account ?? "—" })),
    state.error && h("p", { class: "hint", dataset: { hint: "oauth-error" } }, t("oauth.said", { words: state.error })),
    endsSoon(state) && h("p", { class: "hint", dataset: { hint: "oauth-ends" } }, t("oauth.endsSoon"), " ", moment(state.signInEndsAt)),
    state.lastRefreshAt && h("dl", { class: "facts" }, row("scopes", state.scopes.map((scope) => h("code", null, scope))), row("lastRefresh", moment(state.lastRefreshAt)),
      row("expires", moment(state.expiresAt)), state.signInEndsAt && row("ends", moment(state.signInEndsAt))),
  ];
}

function redirectPlace() {
  const uri = redirectAddress();
  if (!uri) return h("p", { class: "hint", dataset: { place: "redirect" } }, t("oauth.noRedirect"));
  return h("div", { class: "redirect", dataset: { place: "redirect" } },
    h("p", { class: "account-label" }, t("oauth.redirect")), h("p", { class: "with-button" }, h("code", null, uri), copyButton(() => uri)), h("p", { class: "help" }, t("oauth.redirectHelp")));
}

/** The browser goes to the provider and comes back to this page. */
async function leaveFor(transport, place) {
  try {
    const { data } = await call("POST", path("oauth", transport, "authorize"));
    if (new URL(data.url).protocol !== "https:") throw new Error(data.url);
    location.assign(data.url);
  } catch (error) {
    place.append(h("p", { class: "hint", role: "alert" }, errorText(error)));
  }
}

/** Back from the provider: what came of it, as the server knows it, whatever the address says. */
export async function welcomeBack(transport) {
  const { data } = await get(path("oauth", transport));
  if (data.signedIn && !data.error) notice(t("oauth.welcome", { account: data.account ?? "" }));
  else notice(t("oauth.failed"), { kind: "warn", keep: true, lines: [data.error && t("oauth.said", { words: data.error }), t("oauth.failedHelp")] });
  refreshState();
}
