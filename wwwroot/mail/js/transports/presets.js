import { call, get } from "../api.js";
import { button, fill, h } from "../dom.js";
import { inLanguage, language, t, word } from "../i18n.js";
import { settings } from "../settings/settings.js";
import { faultsText, isAborted } from "../format.js";

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
 * @param {(preset: object|undefined) => void} chosen none is a server of one's own
 */
export function presetPicker(smtp, chosen) {
  const current = presetOf(smtp)?.id ?? "";
  const select = h("select", { id: "preset", name: "preset", "aria-describedby": "preset-help", onchange: () => {
    const preset = presets.find(({ id }) => id === select.value);
    choosePreset(select.value);
    chosen(preset);
  } }, h("option", { value: "" }, t("preset.none")), presets.map((preset) => h("option", { value: preset.id, selected: preset.id === current }, preset.name)));
  return h("div", { class: "field wide", dataset: { field: "preset" } }, h("label", { for: "preset" }, t("preset.label")), select, h("div", { id: "preset-help" }, h("p", { class: "help" }, t("preset.help"))));
}

/** What a provider fills in, or its going. The user name only where it is one fixed word, or none. */
export function presetValues(preset) {
  if (!preset) return { host: "" };
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

const sending = [[465, "implicitTls"], [587, "startTls"], [25, "startTlsIfOffered"], [2525, "startTls"]];
const receiving = [110, 143, 993, 995];

/**
 * The table of ports beside the form; a port for sending can be taken with one press.
 * @param {(port: number, security: string) => void} take
 */
export function portTable(take) {
  return h("section", { class: "aside-block", dataset: { aside: "ports" } }, h("h2", null, t("ports.title")),
    h("table", { class: "ports" },
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("ports.port")), h("th", { scope: "col" }, t("ports.use")))),
      h("tbody", null, sending.map(([port, security]) => h("tr", null,
        h("td", null, button(String(port), () => take(port, security), { act: `port-${port}`, kind: "quiet", label: t("ports.take", { port }) })),
        h("td", null, t(`ports.${port}`)))))),
    h("p", { class: "help" }, t("ports.receiving", { ports: receiving.map((port) => `${port} ${t(`ports.${port}`)}`).join(" · ") })));
}

/**
 * Suggests servers for a mail address, with where each suggestion came from and what was not asked.
 * @param {string} address what is offered first
 * @param {(candidate: object) => void} chosen
 * @param {AbortSignal} signal
 */
export function discovery(address, chosen, signal) {
  const input = h("input", { id: "discover-address", name: "discover", type: "email", class: "mono", value: address, autocomplete: "off", spellcheck: "false", placeholder: "name@example.com", "aria-describedby": "discover-help" });
  const found = h("div", { class: "discovered", "aria-live": "polite" });
  const find = button(t("discover.find"), () => run(), { act: "discover" });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); run(); } });
  return h("details", { class: "discover", dataset: { fold: "discover" } }, h("summary", null, t("discover.title")),
    h("div", { class: "field" }, h("label", { for: "discover-address", class: "unseen" }, t("discover.address")), h("div", { class: "with-button" }, input, find), h("p", { class: "help", id: "discover-help" }, t("discover.help"))), found);

  async function run() {
    find.disabled = true;
    fill(found, h("p", { class: "muted" }, t("discover.looking")));
    try {
      const { data } = await call("POST", "settings/discover", { body: { address: input.value.trim() }, signal });
      fill(found,
        data.candidates.length === 0 ? h("p", null, t("discover.none")) : h("ul", { class: "candidates", dataset: { list: "candidates" } }, data.candidates.map((candidate) => row(candidate, chosen))),
        data.refused.length > 0 && h("p", { class: "hint" }, t("discover.refused", { names: data.refused.join(t("list.separator")) })),
        data.notAsked.length > 0 && h("p", { class: "help break" }, t("discover.notAsked", { questions: data.notAsked.join(t("list.separator")) })));
    } catch (error) {
      if (!isAborted(error)) fill(found, h("p", { class: "error", role: "alert" }, faultsText(error)));
    } finally {
      find.disabled = false;
    }
  }
}

const row = (candidate, chosen) => h("li", null,
  h("div", null, h("strong", null, candidate.name), h("span", { class: "tag" }, t(`discover.source.${candidate.source}`)),
    h("p", { class: "mono small break" }, `${candidate.smtp.host}:${candidate.smtp.port} · ${t(`o.smtp.security.short.${candidate.smtp.security}`)}`),
    h("p", { class: "muted small" }, [candidate.credential && word("preset.cred", candidate.credential), candidate.note].filter(Boolean).join(" · "))),
  button(t("discover.use"), () => chosen(candidate), { act: "use-candidate" }));
