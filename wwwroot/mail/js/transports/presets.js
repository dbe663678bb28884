import { get } from "../api.js";
import { button, fill, h } from "../dom.js";
import { inLanguage, language, t, word } from "../i18n.js";
import { settings } from "../settings/settings.js";

let presets = [];
let loadedIn = null;
let chosenId = null;

/** Reads the providers once in each language. */
export async function loadPresets() {
  const tag = language();
  if (loadedIn === tag) return;
  presets = (await get("presets")).data.items;
  loadedIn = tag;
}

/** Of providers with the same server the one that is meant. */
export const choosePreset = (id) => { chosenId = id; };

/** The provider a server belongs to, or undefined. Of two with the same server, the one that was chosen. */
export function presetOf(smtp) {
  const found = presets.filter(({ hosts, ports }) => hosts.includes(smtp?.host?.toLowerCase()) && (hosts[0] !== "127.0.0.1" || ports.some(({ port }) => port === smtp.port)));
  return found.find(({ id }) => id === chosenId) ?? found[0];
}

/**
 * The choice of a provider; choosing fills the form, which can still be changed or canceled.
 * @param {object} smtp
 * @param {(preset: object) => void} chosen
 */
export function presetPicker(smtp, chosen) {
  const current = presetOf(smtp)?.id ?? "";
  const select = h("select", { id: "preset", name: "preset", "aria-describedby": "preset-help", onchange: () => {
    const preset = presets.find(({ id }) => id === select.value);
    choosePreset(select.value);
    if (preset) chosen(preset);
  } }, h("option", { value: "" }, t("preset.none")), presets.map((preset) => h("option", { value: preset.id, selected: preset.id === current }, preset.name)));
  return h("div", { class: "field wide", dataset: { field: "preset" } }, h("label", { for: "preset" }, t("preset.label")), select, h("div", { id: "preset-help" }, h("p", { class: "help" }, t("preset.help"))));
}

/** What a provider fills in. The user name only where it is one fixed word, or none. */
export function presetValues(preset) {
  const { port, security } = preset.ports[0];
  const values = { host: preset.hosts[0], port, security, auth: preset.username === "none" ? "none" : "auto" };
  if (preset.username === "none") return { ...values, username: null };
  return preset.username.startsWith("literal:") ? { ...values, username: preset.username.slice("literal:".length) } : values;
}

/**
 * Notes and steps of the provider in the form, or nothing.
 * @param {HTMLElement} place
 * @param {object} transport
 * @param {(host: string) => void} takeHost
 */
export function showPreset(place, transport, takeHost) {
  const preset = presetOf(transport.smtp);
  const state = `${preset?.id} ${fromDiffers(preset, transport)} ${language()}`;
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  place.hidden = !preset;
  if (!preset) return place.replaceChildren();
  const steps = inLanguage(preset.steps) ?? [];
  fill(place, h("h2", null, preset.name),
    preset.warning && h("p", { class: "hint", dataset: { hint: "preset-warning" } }, preset.warning),
    h("dl", null,
      h("dt", null, t("preset.username")), h("dd", null, preset.username.startsWith("literal:") ? h("code", null, preset.username.slice(8)) : word("preset.user", preset.username)),
      h("dt", null, t("preset.credential")), h("dd", null, word("preset.cred", preset.credential)),
      h("dt", null, t("preset.ports")), h("dd", null, preset.ports.map(({ port, security }) => `${port} ${t(`o.smtp.security.short.${security}`)}`).join(" · "))),
    fromDiffers(preset, transport) && h("p", { class: "hint", dataset: { hint: "from-differs" } }, t("preset.fromDiffers")),
    h("p", null, inLanguage(preset.notes)),
    steps.length > 0 && h("ol", { class: "steps" }, steps.map((step) => h("li", null, step))),
    preset.hosts.length > 1 && [h("p", { class: "help" }, t("preset.hosts")), h("p", { class: "chips" }, preset.hosts.map((host) => button(host, () => takeHost(host), { act: "use-host", kind: "quiet" })))],
    h("p", { class: "help" }, away(preset.officialUrl, "preset.official"), " · ", preset.source && [away(preset.source, "preset.source"), " · "],
      t("preset.checked", { date: preset.checkedOn }),
      preset.unverified.length > 0 && [" · ", t("preset.unverified", { facts: unverified(preset).join(t("list.separator")) })]));
}

const away = (href, text) => h("a", { href, target: "_blank", rel: "noopener noreferrer" }, t(text));

/** What of it could not be checked: `ports[994]` is one of the ports. */
const unverified = (preset) => [...new Set(preset.unverified.map((fact) => word("preset.fact", fact.replace(/\[.*/, ""))))];

/** Providers that take mail only from the address that signs in. */
function fromDiffers(preset, transport) {
  if (preset?.from !== "login" || !transport.smtp.username) return false;
  const from = transport.from?.address || settings.read("from")?.address;
  return Boolean(from) && from.toLowerCase() !== transport.smtp.username.toLowerCase();
}
