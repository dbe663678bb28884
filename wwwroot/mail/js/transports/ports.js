import { button, h } from "../dom.js";
import { t } from "../i18n.js";

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
