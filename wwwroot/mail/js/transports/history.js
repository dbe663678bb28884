import { call, get, path } from "../api.js";
import { back, button, empty, fill, h } from "../dom.js";
import { errorText, moment } from "../format.js";
import { t } from "../i18n.js";
import { go, link } from "../router.js";
import { changeTable } from "../settings/changes.js";
import { settings } from "../settings/settings.js";
import { transportOf } from "../settings/paths.js";
import { refreshState } from "../state.js";
import { choice } from "../ui/choice.js";
import { ask, notice, tellFault } from "../ui/dialog.js";
import { arrowKeys, pager } from "../ui/list.js";

/** The views `#/history`, who saved the settings when, and `#/history/{n}`, what a version changed. */
export async function showHistory(main, to, signal) {
  await settings.load(signal);
  const [number] = to.parts;
  if (number !== undefined) return showVersion(main, number, to.query.against === "current", signal);
  const { cursor } = to.query;
  const { data } = await get("settings/versions", { query: { cursor }, signal });
  const head = ["version", "when", "who"].map((name) => h("th", { scope: "col" }, t(`history.${name}`)));
  fill(main, back("#/transports", t("nav.transports")),
    h("div", { class: "title-row" }, h("h1", null, t("history.title"))), h("p", { class: "purpose" }, t("history.purpose")),
    data.items.length === 0 ? empty(t("history.empty"), h("a", { class: "button", href: "#/transports" }, t("transports.back")))
      : arrowKeys(h("table", { class: "rows", dataset: { list: "versions" } }, h("thead", null, h("tr", null, head)), h("tbody", null, data.items.map((item) => h("tr", null,
        h("td", null, h("a", { href: link(["history", String(item.version)]), dataset: { rowLink: "" } }, t("history.number", { n: item.version })), item.version === settings.base.version && h("span", { class: "tag" }, t("history.current"))),
        h("td", { dataset: { label: t("history.when") } }, moment(item.updatedAt)), h("td", { class: "break", dataset: { label: t("history.who") } }, item.updatedBy)))))),
    pager(data.next && link(["history"], { cursor: data.next }), cursor && link(["history"])));
}

async function showVersion(main, number, withCurrent, signal) {
  const isCurrent = Number(number) === settings.base.version;
  const compares = withCurrent && !isCurrent;
  const { data } = await get(path("settings", "versions", number), { query: { against: compares ? settings.base.version : null }, signal });
  // Read as "what restoring it would change": from what is in force to what it said.
  const differences = data.diff;
  fill(main, back("#/history", t("history.title")),
    h("div", { class: "title-row" }, h("h1", null, t("history.number", { n: data.version })), h("div", { class: "title-acts" },
      !isCurrent && button(t("history.take"), () => take(data), { act: "take-version" }),
      !isCurrent && button(t("history.restore"), () => restore(data), { act: "restore-version", kind: "primary" }))),
    h("p", { class: "purpose" }, t("history.by", { who: data.updatedBy }), " ", moment(data.updatedAt), isCurrent && h("span", { class: "tag" }, t("history.current"))),
    !isCurrent && h("div", { class: "look" }, choice(t("history.compare"), [["before", t("history.changed")], ["current", t("history.wouldChange")]], compares ? "current" : "before", (value) => go(link(["history", number], { against: value === "current" ? value : null })))),
    data.against === null ? h("p", { class: "hint" }, t("history.noneBefore"))
      : differences.length === 0 ? empty(t("history.same"))
        : changeTable(differences, compares ? [t("history.now"), t("history.number", { n: data.version })] : [t("history.number", { n: data.against }), t("history.number", { n: data.version })]));
}

/** Brings it into the form instead, where it can be changed before it is saved. */
async function take({ version, settings: values }) {
  if (settings.isDirty() && !await ask({ title: t("history.replaceTitle"), text: t("history.replaceText"), confirm: t("history.take"), danger: true })) return;
  settings.replaceDraft(values);
  notice(t("history.taken", { n: version }));
  go("#/transports");
}

async function restore(data) {
  if (!await ask({ title: t("history.restoreTitle", { n: data.version }), text: t(settings.isDirty() ? "history.restoreDirty" : "history.restoreText"), confirm: t("history.restore"), danger: settings.isDirty() })) return;
  try {
    const answer = await call("POST", path("settings", "versions", String(data.version), "restore"), { ifMatch: settings.etag });
    settings.adopt(answer);
    notice(t("history.restored", { n: data.version, version: answer.data.version }));
    refreshState();
    go("#/transports");
  } catch (error) {
    if (error.status === 412) {
      settings.adopt(await get("settings"));
      return notice(t("history.stale"), { kind: "warn", keep: true });
    }
    if (Object.keys(error.errors ?? {}).length === 0) return tellFault(error);
    await finishInForm(data, error);
  }
}

/** A stored password goes to no other server: the form has the version and asks for what is missing. */
async function finishInForm(data, error) {
  settings.replaceDraft(data.settings);
  settings.setErrors(error.errors);
  notice(errorText(error), { kind: "warn", keep: true });
  const [field] = settings.errors.keys();
  const id = transportOf(field);
  go(link(id === null ? ["transports"] : ["transports", id], { field }));
}
