/* Fields made from a table: label above, help below, error below that; each is bound to a path of the settings' draft. */

import { append, h, uid } from "../dom.js";
import { has, t } from "../i18n.js";
import { secretField } from "./secret.js";
import { settings } from "./settings.js";

/**
 * @typedef {object} Field
 * @property {string} name path below the form's own, such as `smtp.port`
 * @property {"text"|"number"|"switch"|"select"|"area"|"list"|"secret"} [kind]
 * @property {string[]} [options] values of a select
 * @property {() => boolean} [when] whether it matters now
 * @property {boolean} [required]
 * @property {boolean} [mono]
 * @property {boolean} [area] of a secret: in several lines, as a key is
 * @property {"short"|"wide"} [size]
 * @property {string} [placeholder]
 * @property {string} [type] of the input: `email`, `text`
 * @property {(value: unknown) => void} [changed] after the draft has the value
 * @property {() => (Node|null)} [extra] what stands below the field, drawn anew with every change
 */

/**
 * A form over one part of the draft, or over another store of values.
 * @param {string} scope names its texts: `f.{scope}.{name}`
 * @param {(name: string) => string} pathOf the whole path of a field
 * @param {{ read: (path: string) => unknown, write: (path: string, value: unknown) => void, lockOf: (path: string) => string|null, errors: Map<string, string[]> }} [store]
 */
export function createForm(scope, pathOf, store = settings) {
  const fields = [];
  const form = { scope, pathOf, store, read: (name) => store.read(pathOf(name)), write: (name, value) => store.write(pathOf(name), value), group, field, refresh, showErrors, find };

  /** Fields that belong together. */
  function group(title, specs, { folded = false } = {}) {
    const inner = specs.map(field);
    if (folded) return h("details", { class: "group", dataset: { group: title } }, h("summary", null, t(`g.${scope}.${title}`)), h("div", { class: "fields" }, inner));
    return h("fieldset", { class: "group" }, h("legend", null, t(`g.${scope}.${title}`)), h("div", { class: "fields" }, inner));
  }

  function field(spec) {
    const id = uid("f");
    const key = `f.${scope}.${spec.name}`;
    const lock = store.lockOf(pathOf(spec.name));
    const help = [has(`${key}.help`) && h("p", { class: "help" }, t(`${key}.help`)), lock !== null && h("p", { class: "help locked" }, t("locked", { origin: lock }))].filter(Boolean);
    const about = h("div", { id: `${id}-help` }, help);
    const error = h("p", { class: "error", id: `${id}-error` });
    const extra = h("div", { class: "extra" });
    const input = (kinds[spec.kind ?? "text"] ?? textInput)(spec, form, { id, lock, refresh: changed });
    const control = input.control ?? input;
    control.setAttribute("aria-describedby", `${help.length > 0 ? `${id}-help ` : ""}${id}-error`);
    const label = spec.kind === "switch"
      ? h("label", { class: "switch", for: id }, input, h("span", null, t(key)))
      : [h("label", { for: id }, t(key), !spec.required && spec.optional && h("span", { class: "muted" }, ` ${t("optional")}`)), input.element ?? input];
    const element = h("div", { class: `field ${spec.size ?? ""} k-${spec.kind ?? "text"}`, dataset: { field: spec.name } }, label, help.length > 0 && about, extra, error);
    fields.push({ spec, element, control, error, extra, draw: input.draw });
    return element;

    function changed() {
      spec.changed?.(form.read(spec.name));
      refresh();
    }
  }

  /** Shows what matters now, and what the server said of each field. */
  function refresh() {
    for (const { spec, element, extra, draw } of fields) {
      element.hidden = spec.when ? !spec.when() : false;
      draw?.();
      if (spec.extra) { extra.replaceChildren(); append(extra, [spec.extra()]); }
    }
    showErrors();
  }

  function showErrors() {
    const texts = new Map();
    for (const [path, found] of store.errors) {
      const owner = fieldOf(path);
      if (owner) texts.set(owner, [...(texts.get(owner) ?? []), ...found]);
    }
    for (const one of fields) {
      one.error.textContent = (texts.get(one) ?? []).join(" · ");
      one.control.setAttribute("aria-invalid", String(texts.has(one)));
    }
  }

  /** The field of a path: its own, that of the object it lies in, or the first of the object it names. */
  function fieldOf(path) {
    const named = (test) => fields.find(({ spec }) => test(pathOf(spec.name)));
    return named((own) => own === path) ?? named((own) => path.startsWith(`${own}.`)) ?? named((own) => own.startsWith(`${path}.`));
  }

  /** Makes the field of a path visible and gives its control. */
  function find(path) {
    const found = path && fieldOf(path);
    if (!found) return null;
    found.element.hidden = false;
    const fold = found.element.closest("details");
    if (fold) fold.open = true;
    found.control.dispatchEvent(new Event("reveal"));
    return found.control;
  }

  return form;
}

const shared = (spec, { id, lock }) => ({ id, name: spec.name, disabled: lock !== null, "aria-required": spec.required ? "true" : null });

function textInput(spec, form, place) {
  const element = h("input", {
    ...shared(spec, place), type: spec.type ?? "text", value: form.read(spec.name) ?? "", placeholder: spec.placeholder, class: spec.mono ? "mono" : null,
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", oninput: () => { form.write(spec.name, element.value.trim()); place.refresh(); },
  });
  element.addEventListener("draw", () => { element.value = form.read(spec.name) ?? ""; });
  return element;
}

/** Digits become a number; anything else goes to the server as typed, whose word on it lands here. */
function numberInput(spec, form, place) {
  const element = textInput(spec, { ...form, write: (name, text) => form.write(name, text === "" ? null : /^\d+$/.test(text) ? Number(text) : text) }, place);
  element.inputMode = "numeric";
  return element;
}

function selectInput(spec, form, place) {
  const value = form.read(spec.name) ?? (spec.options.includes("") ? "" : undefined);
  const options = spec.options.includes(value) || value === undefined ? spec.options : [...spec.options, value];
  const element = h("select", { ...shared(spec, place), onchange: () => { form.write(spec.name, element.value); place.refresh(); } },
    options.map((option) => h("option", { value: option, selected: option === value }, has(`o.${spec.name}.${option}`) ? t(`o.${spec.name}.${option}`) : String(option))));
  element.addEventListener("draw", () => { element.value = form.read(spec.name) ?? ""; });
  return element;
}

function switchInput(spec, form, place) {
  const element = h("input", { ...shared(spec, place), type: "checkbox", role: "switch", checked: form.read(spec.name) === true, onchange: () => { form.write(spec.name, element.checked); place.refresh(); } });
  return element;
}

function areaInput(spec, form, place) {
  const element = h("textarea", { ...shared(spec, place), rows: 6, class: "mono", spellcheck: "false", value: form.read(spec.name) ?? "", placeholder: spec.placeholder, oninput: () => { form.write(spec.name, element.value); place.refresh(); } });
  return element;
}

/** One value a line. */
function listInput(spec, form, place) {
  return areaInput(spec, { ...form, read: (name) => (form.read(name) ?? []).join("\n"), write: (name, text) => form.write(name, text.split(/[\s,;]+/).filter(Boolean)) }, place);
}

const kinds = { text: textInput, number: numberInput, select: selectInput, switch: switchInput, area: areaInput, list: listInput, secret: secretField };

/** Draws a field's input anew after its value in the draft was set by something else. */
export function redraw(root, name) {
  root.querySelector(`[name="${CSS.escape(name)}"]`)?.dispatchEvent(new Event("draw"));
}
