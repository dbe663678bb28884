/* Providers of tokens as the server knows them: addresses, scopes, steps. The page names no host itself. */

import { get } from "../api.js";
import { language } from "../i18n.js";
import { presetOf } from "../transports/presets.js";

const flows = ["authorizationCode", "deviceCode", "clientCredentials", "refreshToken", "serviceAccount"];
const addresses = ["tokenUrl", "authorizeUrl", "deviceUrl", "revokeUrl"];
const unattended = new Set(["clientCredentials", "serviceAccount"]);

let guides = [];
let redirectUri = "";
let loadedIn = null;

/** Reads the providers once in each language. */
export async function loadGuides() {
  const tag = language();
  if (loadedIn === tag) return;
  ({ items: guides, redirectUri } = (await get("oauth")).data);
  loadedIn = tag;
}

/** Where providers send the browser back to. */
export const redirectAddress = () => redirectUri;

/** The ids of the providers in the order of the choice. */
export const guideIds = () => guides.map(({ id }) => id);

/** Whether a preset of a mail provider has a way to its tokens. */
export const isGuide = (id) => id !== "other" && guides.some((guide) => guide.id === id);

export const guideName = (id) => guides.find((guide) => guide.id === id)?.name ?? id;

/** What a provider is called in a sentence: one of one's own by its host. */
export function providerName(oauth) {
  const guide = guideOf(oauth);
  return guide?.provider ? guide.name : URL.canParse(oauth.tokenUrl) ? new URL(oauth.tokenUrl).hostname : guide?.name ?? "";
}

/** The provider that settings mean: the one with these very addresses, else the one whose addresses take a tenant. */
export function guideOf(oauth) {
  const same = guides.filter(({ provider }) => provider !== null && provider === oauth?.provider);
  return same.find(({ tokenUrl }) => tokenUrl === oauth.tokenUrl) ?? same.find(({ tokenUrl }) => tenantIn(tokenUrl, oauth.tokenUrl) !== null) ?? guides.find(({ provider }) => provider === null);
}

/** The flows that a provider has, with the one that is chosen whatever it is. */
export const flowsOf = (oauth) => flows.filter((flow) => flow in (guideOf(oauth)?.steps ?? {}) || flow === oauth?.flow);

/** The tenant in an address, or null where it is not made of this pattern. */
function tenantIn(pattern, address) {
  const [before, after] = (pattern ?? "").split("{tenant}");
  if (after === undefined || !address?.startsWith(before) || !address.endsWith(after) || address.length <= before.length + after.length) return null;
  return decodeURIComponent(address.slice(before.length, address.length - after.length));
}

/** The tenant that the addresses name; empty where it is the provider's own word for any. */
export function tenantOf(oauth) {
  const guide = guideOf(oauth);
  const tenant = tenantIn(guide?.tokenUrl, oauth?.tokenUrl);
  return tenant === guide?.tenant ? "" : tenant ?? "";
}

/** What a provider fills in, for a flow and a tenant. A name and addresses of one's own stay one's own. */
export function guideValues(id, flow, tenant = "") {
  const guide = guides.find((other) => other.id === id);
  const has = Object.keys(guide.steps);
  const chosen = has.includes(flow) ? flow : has[0];
  const filled = Object.fromEntries(addresses.map((name) => [name, guide[name]?.replace("{tenant}", encodeURIComponent(tenant || guide.tenant)) ?? null]));
  return { provider: guide.provider ?? "custom", flow: chosen, ...filled, scopes: scopesOf(guide, chosen) };
}

export const scopesOf = (guide, flow) => [...((unattended.has(flow) ? guide.applicationScopes : guide.scopes) ?? [])];

/** What sign-in by token begins with, for the server in the form. */
export function freshOAuth(smtp) {
  const preset = presetOf(smtp)?.id;
  return { ...guideValues(isGuide(preset) ? preset : guideIds()[0], null), clientId: "", hasClientSecret: false, hasPrivateKey: false, hasRefreshToken: false, account: null, caPem: null };
}
