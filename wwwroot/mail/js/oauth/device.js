/* Sign-in by a code that is typed elsewhere: the code, where to type it, how long it holds, and what comes of it. */

import { call, get, path } from "../api.js";
import { button, fill, h } from "../dom.js";
import { countdown, errorText, isAborted, isFinal } from "../format.js";
import { t } from "../i18n.js";
import { refreshState } from "../state.js";
import { copyButton } from "../ui/copy.js";
import { notice, openDialog } from "../ui/dialog.js";

const pause = 2000;

/**
 * @param {{ transport: string, account: string|null, lastRefreshAt: string|null, device: object|null }} known a code that can still be used is shown again; a token that was there before is no sign-in
 * @param {() => void} done
 */
export function deviceSignIn({ transport, account, lastRefreshAt, device }, done) {
  const visit = new AbortController();
  const body = h("div", { class: "device", "aria-live": "polite" });
  const again = button(t("device.again"), () => begin(), { act: "device-again", kind: "primary" });
  again.hidden = true;
  let clock = 0;
  const dialog = openDialog({
    name: "device", title: t("device.title", { account: account ?? "" }), body: [body],
    actions: [button(t("close"), () => dialog.close(), { act: "close" }), again],
    onClose: () => { visit.abort(); clearInterval(clock); done(); },
  });
  if (device) watch(device);
  else begin();

  async function begin() {
    again.hidden = true;
    fill(body, h("p", null, t("device.asking")));
    try {
      watch((await call("POST", path("oauth", transport, "device"), { signal: visit.signal, timeout: 30_000 })).data);
    } catch (error) {
      if (!isAborted(error)) fail(errorText(error));
    }
  }

  async function watch(code) {
    const left = h("span", { role: "timer", dataset: { place: "left" } });
    const tick = () => { left.textContent = remaining(code.expiresAt); };
    fill(body,
      h("p", null, t("device.open")),
      h("p", null, h("a", { href: code.verificationUriComplete ?? code.verificationUri, target: "_blank", rel: "noopener noreferrer", dataset: { act: "device-link" } }, code.verificationUri)),
      h("p", { class: "with-button" }, h("code", { class: "device-code", dataset: { place: "code" } }, code.userCode), copyButton(() => code.userCode)),
      h("p", { class: "help", "aria-live": "off" }, t("device.left"), " ", left));
    clearInterval(clock);
    tick();
    clock = setInterval(tick, 1000);
    try {
      await until(code);
    } catch (error) {
      if (!isAborted(error)) fail(errorText(error));
    }
  }

  /** Asks until somebody has signed in there, or cannot any more. */
  async function until(code) {
    while (!visit.signal.aborted) {
      await new Promise((resolve) => { setTimeout(resolve, pause); });
      const data = await look(code);
      if (!data || data.device?.userCode === code.userCode) continue;
      if (data.device) return dialog.close();
      if (!data.signedIn || data.error || data.lastRefreshAt === lastRefreshAt) return fail(t("oauth.said", { words: data.error ?? "expired_token" }));
      notice(t("oauth.welcome", { account: data.account ?? "" }));
      refreshState();
      return dialog.close();
    }
  }

  /** Null where the server did not answer this once: the sign-in there goes on meanwhile. */
  async function look(code) {
    try {
      return (await get(path("oauth", transport), { signal: visit.signal })).data;
    } catch (error) {
      if (isFinal(error) || Date.now() > Date.parse(code.expiresAt)) throw error;
      return null;
    }
  }

  function fail(text) {
    clearInterval(clock);
    fill(body, h("p", { class: "fault" }, text));
    again.hidden = false;
    again.focus();
  }
}

const remaining = (end) => countdown(Math.max(0, (new Date(end) - Date.now()) / 1000));
