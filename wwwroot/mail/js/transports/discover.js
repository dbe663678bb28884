import { call } from "../api.js";
import { button, fill, h } from "../dom.js";
import { errorText, isAborted } from "../errors.js";
import { t, word } from "../i18n.js";

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
      if (!isAborted(error)) fill(found, h("p", { class: "error", role: "alert" }, Object.values(error.errors ?? {}).flat().join(" · ") || errorText(error)));
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
