import { call, get, path } from "../api.js";
import { alertPlace, ask, notice, openDialog, tellFault } from "../ui/dialog.js";
import { back, button, empty, fill, h } from "../dom.js";
import { errorText, faultsText, moment } from "../format.js";
import { t } from "../i18n.js";
import { arrowKeys, pager } from "../ui/list.js";
import { link } from "../router.js";

/** The view `#/messages/suppressions`: addresses to which nothing is sent. */
export async function showSuppressions(main, to, signal) {
  const { cursor } = to.query;
  const { data } = await get("suppressions", { query: { cursor }, signal });
  const again = () => showSuppressions(main, { ...to, query: {} }, signal).catch(tellFault);
  fill(main,
    back("#/messages", t("nav.messages")),
    h("div", { class: "title-row" }, h("h1", null, t("suppressions.title")), h("div", { class: "title-acts" }, button(t("erase.open"), () => erase(again), { act: "erase", kind: "danger" }))),
    h("p", { class: "purpose" }, t("suppressions.purpose")),
    addForm(again),
    data.items.length > 0 ? table(data.items, again) : empty(t("suppressions.empty")),
    pager(data.next && link(["messages", "suppressions"], { cursor: data.next }), cursor && link(["messages", "suppressions"])));
}

function addForm(again) {
  const address = h("input", { id: "suppress-address", name: "address", type: "email", class: "mono", required: true, autocomplete: "off", spellcheck: "false", "aria-describedby": "suppress-error" });
  const reason = h("input", { id: "suppress-reason", name: "reason", type: "text", autocomplete: "off" });
  const error = h("p", { class: "error", id: "suppress-error", role: "alert" });
  const form = h("form", { class: "group filters", novalidate: true, dataset: { form: "suppression" } },
    h("label", { class: "grow", for: "suppress-address" }, h("span", null, t("suppressions.address")), address),
    h("label", { for: "suppress-reason" }, h("span", null, t("suppressions.reason")), reason),
    h("button", { type: "submit", dataset: { act: "suppress" } }, t("suppressions.add")),
    error);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    address.setAttribute("aria-invalid", "false");
    try {
      await call("PUT", path("suppressions", address.value.trim()), { body: reason.value.trim() ? { reason: reason.value.trim() } : {} });
      notice(t("suppressions.added"));
      await again();
    } catch (fault) {
      error.textContent = [fault.errors?.address ?? errorText(fault)].flat().join(" · ");
      address.setAttribute("aria-invalid", "true");
      address.focus();
    }
  });
  return form;
}

function table(items, again) {
  const head = ["address", "reason", "when", "until"].map((name) => h("th", { scope: "col" }, t(`suppressions.${name}`)));
  return arrowKeys(h("table", { class: "rows", dataset: { list: "suppressions" } },
    h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))),
    h("tbody", null, items.map((item) => row(item, again)))));
}

function row(item, again) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`suppressions.${name}`) } }, h("span", null, content));
  return h("tr", null,
    cell("address", h("span", { class: "mono break" }, item.address)),
    cell("reason", h("span", { class: "break" }, item.reason)),
    cell("when", moment(item.createdAt)),
    cell("until", item.expiresAt ? moment(item.expiresAt) : t("suppressions.forever")),
    h("td", { class: "act" }, button(t("suppressions.lift"), () => lift(item.address, again), { act: "lift", kind: "quiet" })));
}

async function lift(address, again) {
  if (!await ask({ title: t("suppressions.liftTitle", { address }), text: t("suppressions.liftText"), confirm: t("suppressions.liftConfirm") })) return;
  try {
    await call("DELETE", path("suppressions", address));
    notice(t("suppressions.lifted"));
    await again();
  } catch (error) {
    tellFault(error);
  }
}

/** Forgets a person: their address goes from all messages, transcripts and suppressions, and what only they were to get goes whole. */
function erase(again) {
  const address = h("input", { id: "erase-address", name: "erase", type: "email", class: "mono", autocomplete: "off", spellcheck: "false" });
  const fault = alertPlace();
  const run = async () => {
    try {
      await call("POST", path("recipients", address.value.trim(), "erase"));
      dialog.close();
      notice(t("erase.done"));
      await again();
    } catch (error) {
      fault.say(faultsText(error));
      address.focus();
    }
  };
  const dialog = openDialog({
    name: "erase", title: t("erase.title"), kind: "warn",
    body: [h("p", null, t("erase.text")), h("div", { class: "field" }, h("label", { for: "erase-address" }, t("suppressions.address")), address), fault.element],
    actions: [button(t("cancel"), () => dialog.close(), { act: "close" }), button(t("erase.confirm"), run, { act: "confirm-erase", kind: "danger" })],
  });
  address.focus();
}
