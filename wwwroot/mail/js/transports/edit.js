import { append, button, fill, h, redrawable } from "../dom.js";
import { ask } from "../ui/dialog.js";
import { createForm, redraw } from "../settings/form.js";
import { errorSummary } from "../settings/error-summary.js";
import { t } from "../i18n.js";
import { modes, offered } from "./modes.js";
import { transportPath } from "../settings/paths.js";
import { choosePreset, discovery, loadPresets, portTable, presetPicker, presetValues, showPreset } from "./presets.js";
import { smtpGroups } from "./smtp-fields.js";
import { welcomeBack } from "../oauth/account.js";
import { useTokens } from "../oauth/fields.js";
import { guideOf, loadGuides, showSteps } from "../oauth/guides.js";
import { go, link, replace } from "../router.js";
import { saveBar } from "../settings/save-bar.js";
import { settings } from "../settings/settings.js";
import { onState, stateOf } from "../state.js";
import { diagnose } from "../diagnosis/doctor.js";
import { questions, testMail } from "../diagnosis/test-mail.js";
import { stateWords } from "./transport-state.js";

/** Adds a transport to the draft and opens its form. */
export function addTransport() {
  const [mode] = offered;
  const { transports } = settings.draft;
  const ids = ["primary", "secondary", ...transports.map((_, index) => `relay-${index + 1}`), `relay-${transports.length + 1}`];
  const id = ids.find((free) => !transports.some((transport) => transport.id === free));
  transports.push({ id, name: t(`transports.new.${transports.length === 0 ? "first" : "next"}`), mode, enabled: true, from: null, envelopeFrom: null, [mode]: modes[mode].fresh() });
  settings.touched();
  go(link(["transports", id]));
}

/** The view of one transport; with `?signIn` the browser is back from a provider of tokens. */
export async function showTransport(main, id, to, signal) {
  let { field } = to.query;
  await Promise.all([settings.load(signal, Boolean(field)), loadPresets(), loadGuides()]);
  if (signal.aborted) return;
  if (field || to.query.signIn) replace(link(["transports", id]));
  if (!settings.draft.transports.some((transport) => transport.id === id)) return showMissing(main, id);
  if (to.query.signIn) await welcomeBack(id);
  redrawable(signal, (drawing, again) => {
    const transport = settings.draft.transports.find((other) => other.id === id);
    if (!transport) return go("#/transports");
    field = draw(main, transport, { field, drawing, again, renamed: (next) => { id = next; } });
  });
}

function draw(main, transport, { field, drawing, again, renamed }) {
  const form = createForm("transport", (name) => `${transportPath(transport.id)}.${name}`);
  const visit = (path) => {
    const control = form.find(path);
    if (!control) return go(link(["transports"], { field: path }));
    control.focus();
    control.scrollIntoView({ block: "center" });
  };
  const summary = errorSummary(visit, transport.id);
  const firstError = () => { form.refresh(); summary.draw(); visit([...settings.errors.keys()][0]); };
  const isNew = !settings.base.transports.some((other) => other.id === transport.id);
  const smtp = transport.mode === "smtp";
  const preset = h("section", { class: "aside-block", dataset: { aside: "preset" } });
  const steps = h("section", { class: "aside-block", dataset: { aside: "tokens" } });
  const set = (values) => { take(transport, values); for (const name of Object.keys(values)) redraw(element, `smtp.${name}`); settings.touched(); form.refresh(); };
  const heading = h("h1", null, transport.name || transport.id);
  const state = h("p", { class: "card-state" });
  const modeNames = [...new Set([...offered, transport.mode])];

  const element = h("form", { class: "form", novalidate: true, dataset: { form: "transport" }, onsubmit: (event) => event.preventDefault() });
  append(element, [
    form.group("transport", [
      { name: "name", required: true, changed: (name) => { heading.textContent = name || transport.id; } },
      { name: "id", required: true, mono: true, size: "short", when: () => isNew },
      ...(modeNames.length > 1 ? [{ name: "mode", kind: "select", options: modeNames, changed: (mode) => { chooseMode(transport, mode); again(); } }] : []),
      { name: "enabled", kind: "switch", size: "wide" },
    ]),
    smtp && presetPicker(transport.smtp, (chosen) => { take(transport, presetValues(chosen)); takeTokens(transport, chosen); settings.touched(); again(); }),
    smtp && discovery(transport.from?.address || settings.read("from")?.address || "", (candidate) => {
      choosePreset(candidate.preset);
      take(transport, Object.fromEntries(Object.entries(candidate.smtp).filter(([name, value]) => name !== "username" || value !== null)));
      settings.touched();
      again();
      // The form was drawn anew: this one's fields are gone.
      document.querySelector('[name="smtp.password"]')?.focus();
    }, drawing),
    (smtp ? smtpGroups : modes[transport.mode]?.groups)?.(form, () => element, drawing) ?? h("p", { class: "hint" }, t("mode.unknown", { mode: transport.mode })),
    form.group("sender", [
      { name: "from.address", type: "email", mono: true, optional: true },
      { name: "from.name", optional: true },
      { name: "envelopeFrom", type: "email", mono: true, optional: true },
    ], { folded: true }),
    h("div", { class: "form-end" }, removeButton(transport, isNew)),
  ]);
  if (isNew) renameWithForm(element, transport, form, renamed);

  fill(main,
    h("p", { class: "back" }, h("a", { href: "#/transports" }, `← ${t("nav.transports")}`)),
    h("div", { class: "title-row" }, heading, h("div", { class: "title-acts" },
      button(t("doctor.open"), () => diagnose(transport), { act: "diagnose" }),
      button(t("test.send"), () => testMail(transport), { act: "test", kind: settings.isDirty() ? null : "primary" }))),
    state,
    summary.element,
    h("div", { class: smtp ? "with-aside" : null }, element, smtp && h("aside", { "aria-label": t("transports.aside") }, preset, steps, portTable((port, security) => set({ port, security })), h("section", { class: "aside-block" }, questions()))),
    saveBar({ test: () => testMail(transport), redraw: again, firstError, signal: drawing }));
  const refresh = () => { if (smtp) { showPreset(preset, transport, (host) => set({ host })); showSteps(steps, transport); } summary.draw(); form.showErrors(); };
  drawing.addEventListener("abort", settings.onChange(refresh));
  drawing.addEventListener("abort", onState(() => fill(state, stateWords(transport.id))));
  fill(state, stateWords(transport.id));
  form.refresh();
  refresh();
  if (field) visit(field);
  else if (isNew && smtp && !transport.smtp.host) document.getElementById("preset")?.focus();
  return null;
}

const setAside = new WeakMap();

/** A transport has the block of its mode alone; those of others are kept aside, for whoever looks around and comes back. */
function chooseMode(transport, mode) {
  const aside = setAside.get(transport) ?? {};
  for (const other of Object.keys(modes)) {
    if (other === mode || transport[other] === undefined) continue;
    aside[other] = transport[other];
    delete transport[other];
  }
  transport[mode] ??= aside[mode] ?? modes[mode].fresh();
  setAside.set(transport, aside);
}

/** Fills in what the host's configuration does not hold fast. */
function take(transport, values) {
  for (const [name, value] of Object.entries(values)) {
    if (settings.lockOf(`${transportPath(transport.id)}.smtp.${name}`) === null) transport.smtp[name] = value;
  }
}

/** Tokens where the provider takes nothing else; those of another provider go. */
function takeTokens(transport, preset) {
  if (settings.isPartlyLocked(`${transportPath(transport.id)}.smtp.oauth`)) return;
  const stays = transport.smtp.oauth && guideOf(transport.smtp.oauth)?.id === preset?.id;
  if (!stays) useTokens(transport.smtp, false);
  if (preset?.credential === "oauth") useTokens(transport.smtp, true);
}

/** The id of a new transport can still be chosen; the address of its form follows. */
function renameWithForm(element, transport, form, renamed) {
  const input = element.querySelector('[name="id"]');
  input.addEventListener("input", (event) => {
    event.stopImmediatePropagation();
    const wanted = input.value.trim();
    const free = wanted !== "" && !settings.draft.transports.some((other) => other !== transport && other.id === wanted);
    if (!free) return;
    transport.id = wanted;
    renamed(wanted);
    replace(link(["transports", wanted]));
    settings.touched();
    form.refresh();
  }, { capture: true });
  input.addEventListener("blur", () => { input.value = transport.id; });
}

function removeButton(transport, isNew) {
  const locked = settings.isPartlyLocked(transportPath(transport.id));
  const name = transport.name || transport.id;
  return [
    button(t("transports.remove"), async () => {
      const waiting = stateOf(transport.id)?.waiting ?? 0;
      const text = isNew ? t("transports.removeNew") : waiting > 0 ? t("transports.removeWaiting", { n: waiting }) : t("transports.removeText");
      if (!await ask({ title: t("transports.removeTitle", { name }), text, confirm: t("transports.removeConfirm"), danger: true })) return;
      settings.draft.transports.splice(settings.draft.transports.indexOf(transport), 1);
      settings.touched();
      go("#/transports");
    }, { act: "remove", kind: "danger", disabled: locked }),
    locked && h("p", { class: "help" }, t("transports.removeLocked")),
  ];
}

function showMissing(main, id) {
  fill(main, h("h1", null, t("nav.transports")), h("div", { class: "empty" }, h("p", null, t("transports.missing", { id })), h("a", { class: "button primary", href: "#/transports" }, t("transports.back"))));
}
