import { call, get, path } from "../api.js";
import { back, button, empty, fill, h } from "../dom.js";
import { moment } from "../format.js";
import { t } from "../i18n.js";
import { go, link } from "../router.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { arrowKeys, pager } from "../ui/list.js";
import { templateHead } from "./list.js";
import { partsDiff } from "./difference.js";

/** The views `#/templates/{name}/versions` and `#/templates/{name}/versions/{n}`. */
export async function showVersions(main, name, number, to, signal) {
  if (number !== undefined) return showVersion(main, name, number, signal);
  const { cursor } = to.query;
  const { data } = await get(path("templates", name, "versions"), { query: { cursor }, signal });
  const head = ["version", "locale", "act", "when", "who"].map((column) => h("th", { scope: "col" }, t(`versions.${column}`)));
  fill(main, name === "layout" ? [back("#/templates/layout", t("layout.title")), h("div", { class: "title-row" }, h("h1", null, t("history.title")))] : await templateHead(name, "versions", signal),
    h("p", { class: "purpose" }, t("versions.purpose")),
    data.items.length === 0 ? empty(t("versions.empty"))
      : arrowKeys(h("table", { class: "rows", dataset: { list: "template-versions" } }, h("thead", null, h("tr", null, head)), h("tbody", null, data.items.map((item) => row(name, item))))),
    pager(data.next && link(["templates", name, "versions"], { cursor: data.next }), cursor && link(["templates", name, "versions"])));
}

function row(name, item) {
  const cell = (column, ...content) => h("td", { dataset: { label: t(`versions.${column}`) } }, h("span", { class: "break" }, content));
  return h("tr", null, h("td", null, h("a", { href: link(["templates", name, "versions", String(item.version)]), dataset: { rowLink: "" } }, t("history.number", { n: item.version }))),
    cell("locale", item.locale ?? "—"), cell("act", t(`versions.act.${item.act}`)), cell("when", moment(item.updatedAt)), cell("who", item.updatedBy));
}

async function showVersion(main, name, number, signal) {
  const { data } = await get(path("templates", name, "versions", number), { signal });
  const parts = partsDiff(data.diff, "h2");
  fill(main, back(link(["templates", name, "versions"]), t("history.title")),
    h("div", { class: "title-row" }, h("h1", null, t("history.number", { n: data.version })), h("div", { class: "title-acts" },
      data.content && button(t("history.restore"), () => restore(name, data), { act: "restore-version", kind: "primary" }))),
    h("p", { class: "purpose" }, [data.locale, t(`versions.act.${data.act}`)].filter(Boolean).join(" · "), " · ", t("history.by", { who: data.updatedBy }), " ", moment(data.updatedAt)),
    parts.length > 0 ? h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("conflict.differences") }, parts) : empty(t("difference.none")));
}

async function restore(name, { version, locale }) {
  if (!await ask({ title: t("history.restoreTitle", { n: version }), text: t("versions.restoreText"), confirm: t("history.restore") })) return;
  try {
    await call("POST", path("templates", name, "versions", String(version), "restore"));
    notice(t("versions.restored", { n: version }));
    go(link(["templates", name], { locale }));
  } catch (error) {
    tellFault(error);
  }
}
