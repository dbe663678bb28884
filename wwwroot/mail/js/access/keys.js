import { call, get, path } from "../api.js";
import { button, empty, fill, h, whileBusy } from "../dom.js";
import { day, errorText, moment, number } from "../format.js";
import { t } from "../i18n.js";
import { alertPlace, ask, notice, openDialog, tellFault } from "../ui/dialog.js";
import { copyButton } from "../ui/copy.js";

const soon = 14 * 86_400_000;

/** Keys of programs and administrators: what each may do, when it was used last, and its end. */
export async function showKeys(place, acts, to, signal) {
  const [{ data }, { data: session }] = await Promise.all([get("keys", { signal }), get("session", { signal })]);
  const again = () => showKeys(place, acts, to, signal).catch(tellFault);
  fill(acts, button(t("keys.make"), () => makeKey(again), { act: "make-key", kind: "primary" }));
  if (data.items.length === 0) return fill(place, empty(t("keys.empty")));
  const head = ["name", "scopes", "lastUsed", "expires"].map((name) => h("th", { scope: "col", class: name }, t(`keys.${name}`)));
  fill(place, h("table", { class: "rows tall keys", dataset: { list: "keys" } },
    h("thead", null, h("tr", null, head, h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))),
    h("tbody", null, data.items.map((key) => row(key, session.who === `key:${key.name}`, again)))));
}

function row(key, isMine, again) {
  const cell = (name, ...content) => h("td", { dataset: { label: t(`keys.${name}`) } }, h("div", null, content));
  return h("tr", { dataset: { key: key.id } },
    h("th", { scope: "row" }, h("div", { class: "break" }, h("strong", null, key.name), isMine && h("span", { class: "tag" }, t("keys.mine"))), h("div", { class: "muted small" }, t("keys.made"), " ", moment(key.createdAt))),
    cell("scopes", h("span", { class: "tags" }, key.scopes.map((scope) => h("span", { class: "tag", title: t(`scope.${scope}.help`) }, t(`scope.${scope}`)))), limits(key)),
    cell("lastUsed", key.lastUsedAt ? moment(key.lastUsedAt) : h("span", { class: "muted" }, t("keys.unused"))),
    cell("expires", expiry(key.expiresAt)),
    h("td", { class: "act" }, button(t("keys.revoke"), () => revoke(key, isMine, again), { act: "revoke-key", kind: "danger", label: t("keys.revokeOf", { name: key.name }) })));
}

function limits({ from, ratePerMinute }) {
  const parts = [from?.length > 0 && h("span", { class: "mono break" }, from.join(t("list.separator"))), ratePerMinute && t("keys.perMinute", { n: ratePerMinute, count: number(ratePerMinute) })].filter(Boolean);
  return parts.length > 0 && h("div", { class: "muted small" }, parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part])));
}

function expiry(at) {
  if (!at) return h("span", { class: "muted" }, t("keys.never"));
  const left = Date.parse(at) - Date.now();
  if (left > soon) return moment(at);
  return h("span", { class: left > 0 ? "warn-text" : "bad-text" }, left > 0 ? null : `${t("keys.expired")} `, moment(at));
}

async function revoke(key, isMine, again) {
  const text = [t("keys.revokeText"), isMine && t("keys.revokeMine")].filter(Boolean).join(" ");
  if (!await ask({ title: t("keys.revokeTitle", { name: key.name }), text, confirm: t("keys.revokeConfirm"), danger: true })) return;
  try {
    await call("DELETE", path("keys", key.id));
    notice(t("keys.revoked", { name: key.name }));
  } catch (error) {
    tellFault(error);
  }
  await again();
}

const scopes = ["send", "test", "read", "admin"];
const lives = [["", null], ["30", 30], ["90", 90], ["365", 365], ["date", null]];

/**
 * Asks what the key may do, makes it and shows it, this once.
 * @param {() => void} made
 */
function makeKey(made) {
  const fault = alertPlace();
  const errors = {};
  const field = (name, label, control, help) => {
    errors[name] = h("p", { class: "error", id: `key-${name}-error` });
    control.setAttribute("aria-describedby", `${help ? `key-${name}-help ` : ""}key-${name}-error`);
    return h("div", { class: "field", dataset: { field: name } }, h("label", { for: control.id }, label), control, help && h("p", { class: "help", id: `key-${name}-help` }, help), errors[name]);
  };
  const name = h("input", { id: "key-name", name: "name", type: "text", autocomplete: "off", maxlength: 64, "aria-required": "true" });
  const from = h("textarea", { id: "key-from", name: "from", rows: 2, class: "mono", spellcheck: "false" });
  const rate = h("input", { id: "key-rate", name: "ratePerMinute", inputmode: "numeric", autocomplete: "off" });
  const date = h("input", { id: "key-date", name: "expiresOn", type: "date", "aria-label": t("keys.expiresOn") });
  const life = h("select", { id: "key-life", name: "life", onchange: () => refresh() }, lives.map(([value]) => h("option", { value }, t(`keys.life.${value || "never"}`))));
  const boxes = scopes.map((scope) => h("input", { id: `key-scope-${scope}`, type: "checkbox", name: "scope", value: scope, onchange: () => refresh() }));
  errors.scopes = h("p", { class: "error", id: "key-scopes-error" });
  const submit = h("button", { type: "submit", class: "primary", dataset: { act: "create-key" } }, t("keys.make"));
  const senders = field("from", t("keys.from"), from, t("keys.fromHelp"));
  const form = h("form", { novalidate: true, dataset: { form: "key" } },
    field("name", t("keys.name"), name, t("keys.nameHelp")),
    h("fieldset", { class: "choices", "aria-describedby": "key-scopes-error" }, h("legend", null, t("keys.scopes")),
      boxes.map((box) => h("label", { class: "choice", for: box.id }, box, h("span", null, h("strong", null, t(`scope.${box.value}`)), h("span", { class: "help" }, t(`scope.${box.value}.help`))))), errors.scopes),
    senders,
    h("div", { class: "fields" },
      h("div", { class: "field" }, h("label", { for: "key-life" }, t("keys.expires")), life, date, errors.expiresAt = h("p", { class: "error", id: "key-expires-error" })),
      field("ratePerMinute", t("keys.rate"), rate, t("keys.rateHelp"))),
    fault.element,
    h("div", { class: "actions" }, button(t("cancel"), () => dialog.close(), { act: "close" }), submit));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);

  function refresh() {
    senders.hidden = !chosen().includes("send");
    date.hidden = life.value !== "date";
  }

  refresh();
  const dialog = openDialog({ name: "make-key", title: t("keys.makeTitle"), body: [form] });
  name.focus();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    whileBusy(submit, t("saving"), make);
  });

  async function make() {
    for (const place of Object.values(errors)) place.textContent = "";
    fault.say("");
    try {
      const { data } = await call("POST", "keys", { body: read() });
      dialog.close();
      showKey(data);
      made();
    } catch (error) {
      explain(error);
    }
  }

  function read() {
    const addresses = from.value.split(/[\s,;]+/).filter(Boolean);
    const minutes = rate.value.trim();
    return {
      name: name.value.trim(), scopes: chosen(),
      ...(expiresAt() ? { expiresAt: expiresAt() } : {}),
      ...(minutes ? { ratePerMinute: /^\d+$/.test(minutes) ? Number(minutes) : minutes } : {}),
      ...(chosen().includes("send") && addresses.length > 0 ? { from: addresses } : {}),
    };
  }

  /** The chosen day's end, where the person is. */
  function expiresAt() {
    const days = lives.find(([value]) => value === life.value)?.[1];
    if (days) return new Date(Date.now() + days * 86_400_000).toISOString();
    const end = new Date(`${date.value}T23:59:59`);
    return life.value === "date" && !Number.isNaN(end.getTime()) ? end.toISOString() : null;
  }

  function explain(error) {
    const left = [];
    for (const [path, texts] of Object.entries(error.errors ?? {})) {
      const place = errors[path.replace(/\[.*$/, "")];
      if (place) place.textContent = [place.textContent, ...[texts].flat()].filter(Boolean).join(" · ");
      else left.push(...[texts].flat());
    }
    const first = form.querySelector(".error:not(:empty)");
    if (!first || left.length > 0) fault.say(left.join(" · ") || errorText(error));
    first?.closest(".field, fieldset").querySelector("input, select, textarea").focus();
  }
}

/** Only this once: closing needs the button that says so. */
function showKey(made) {
  const value = h("input", { id: "made-key", class: "mono", readOnly: true, value: made.key, spellcheck: "false", "aria-describedby": "made-key-help", onfocus: (event) => event.target.select() });
  const dialog = openDialog({
    name: "made-key", wide: true, title: t("keys.madeTitle", { name: made.name }), closable: false,
    body: [
      h("p", { id: "made-key-help" }, t("keys.once")),
      h("div", { class: "field" }, h("label", { for: "made-key" }, t("keys.key")), h("div", { class: "with-button" }, value, copyButton(() => made.key))),
      made.expiresAt && h("p", { class: "muted" }, t("keys.ends", { date: day(made.expiresAt) })),
    ],
    actions: [button(t("keys.kept"), () => { fill(dialog.element); dialog.close(); }, { act: "kept-key", kind: "primary" })],
  });
  value.focus();
}
