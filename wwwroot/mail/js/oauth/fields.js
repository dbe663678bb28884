/* Sign-in by token in the form of mode smtp: provider, flow, client, scopes; the account's state stands below them. */

import { redraw } from "../settings/form.js";
import { settings } from "../settings/settings.js";
import { accountPanel } from "./account.js";
import { flowsOf, freshOAuth, guideIds, guideName, guideOf, guideValues, scopesOf, tenantOf } from "./guides.js";

const tokenMethods = ["oauth", "xoauth2", "oauthBearer"];
const setAside = new WeakMap();

/** The choice of how to sign in, with tokens as one of the ways: to the settings that is `smtp.oauth` being there. */
export const methodField = (root, methods) => ({
  name: "smtp.auth", kind: "select", options: [...methods, ...tokenMethods],
  via: (form) => ({
    read: () => (form.read("smtp.oauth") && form.read("smtp.auth") === "auto" ? "oauth" : form.read("smtp.auth")),
    write: (_, method) => {
      useTokens(form.read("smtp"), tokenMethods.includes(method));
      form.write("smtp.auth", method === "oauth" ? "auto" : method);
      redrawAll(root());
    },
  }),
});

/** Whether a relay's settings have tokens; what was typed comes back when they come back. */
export function useTokens(smtp, on) {
  if (on === Boolean(smtp.oauth)) return;
  if (!on) setAside.set(smtp, smtp.oauth);
  smtp.oauth = on ? setAside.get(smtp) ?? freshOAuth(smtp) : null;
}

/**
 * @param {ReturnType<import("../settings/form.js").createForm>} form over one transport
 * @param {() => Element} root where the fields are
 * @param {(known: object, now: object) => boolean} moved whether the relay is another than the saved one
 * @param {AbortSignal} drawing
 */
export function tokenGroup(form, root, moved, drawing) {
  const smtp = () => form.read("smtp");
  const oauth = () => smtp()?.oauth;
  const uses = () => Boolean(oauth());
  const flow = (...flows) => flows.includes(oauth()?.flow);
  const isOther = () => uses() && guideOf(oauth()).provider === null;
  const known = () => settings.base.transports.find(({ id }) => id === form.read("id"))?.smtp;
  const wanted = () => Boolean(known()?.oauth) && (moved(known(), smtp()) || ["tokenUrl", "deviceUrl", "revokeUrl", "clientId", "caPem"].some((name) => (known().oauth[name] ?? "") !== (oauth()?.[name] ?? "")));
  const take = (values) => { for (const [name, value] of Object.entries(values)) if (settings.lockOf(form.pathOf(`smtp.oauth.${name}`)) === null) form.write(`smtp.oauth.${name}`, value); redrawAll(root()); };
  const secret = (name, has, when, more) => ({ name: `smtp.oauth.${name}`, kind: "secret", stored: `smtp.oauth.${has}`, when, wanted: () => wanted() && form.read(`smtp.oauth.${has}`) === true, ...more });
  const address = (name, ...flows) => ({ name: `smtp.oauth.${name}`, mono: true, required: flows.length > 0, optional: flows.length === 0, size: "wide", when: () => isOther() && (flows.length === 0 || flow(...flows)) });

  return form.group("tokens", [
    { name: "smtp.oauth.provider", kind: "select", options: guideIds, word: guideName, via: () => ({ read: () => guideOf(oauth())?.id, write: (_, id) => take(guideValues(id, oauth().flow)) }) },
    { name: "smtp.oauth.flow", kind: "select", options: () => flowsOf(oauth()), changed: (chosen) => { if (!isOther()) take({ scopes: scopesOf(guideOf(oauth()), chosen) }); } },
    { name: "smtp.oauth.tenant", mono: true, optional: true, when: () => Boolean(guideOf(oauth())?.tenant), via: () => ({ read: () => tenantOf(oauth()), write: (_, tenant) => takeTenant(tenant) }) },
    address("tokenUrl", "authorizationCode", "deviceCode", "clientCredentials", "refreshToken", "serviceAccount"),
    address("authorizeUrl", "authorizationCode"),
    address("deviceUrl", "deviceCode"),
    { name: "smtp.oauth.clientId", mono: true, required: true, size: "wide" },
    secret("clientSecret", "hasClientSecret", () => !flow("serviceAccount"), { noun: "secret" }),
    secret("privateKey", "hasPrivateKey", () => flow("serviceAccount", "clientCredentials"), { area: true, placeholder: "-----BEGIN PRIVATE KEY-----" }),
    secret("refreshToken", "hasRefreshToken", () => flow("refreshToken"), { noun: "token" }),
    { name: "smtp.oauth.scopes", kind: "list", rows: 3, size: "wide" },
    { name: "smtp.oauth.account", mono: true, size: "wide", placeholder: "mailbox@example.com" },
    address("revokeUrl"),
    { name: "smtp.oauth.caPem", kind: "area", rows: 3, optional: true, size: "wide", placeholder: "-----BEGIN CERTIFICATE-----", when: isOther },
  ], { when: uses, end: accountPanel(form, drawing) });

  /** The addresses alone: what is being typed stays as it is. */
  function takeTenant(tenant) {
    const { tokenUrl, authorizeUrl, deviceUrl } = guideValues(guideOf(oauth()).id, oauth().flow, tenant);
    for (const [name, value] of Object.entries({ tokenUrl, authorizeUrl, deviceUrl })) form.write(`smtp.oauth.${name}`, value);
  }
}

/** Every field of this part shows what the draft has now. */
function redrawAll(root) {
  for (const input of root.querySelectorAll('[name^="smtp.oauth."], [name="smtp.auth"]')) redraw(root, input.name);
}
