/* Fields made from a table: label above, help below, error below that; each is bound to a path of the settings' draft. */

import { append, fill, h, uid } from "../dom.js";
import { has, t } from "../i18n.js";
import { secretField } from "./secret.js";
import { settings } from "./settings.js";

/**
 * @typedef {object} Field
 * @property {string} name path below the form's own, such as `smtp.port`
 * @property {"text"|"number"|"switch"|"select"|"area"|"list"|"secret"} [kind]
 * @property {string[]|(() => string[])} [options] values of a select, or how to have them where they depend on other fields
 * @property {(value: string) => string} [word] what a value of a select is called, where the texts do not say
 * @property {(form: object) => { read: Function, write: Function }} [via] where the field stands for something else than the value at its path
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
  const groups = [];
  const form = { scope, pathOf, store, read: (name) => store.read(pathOf(name)), write: (name, value) => store.write(pathOf(name), value), group, field, refresh, showErrors, find };

  /** Fields that belong together; `when` says whether they matter at all, `end` stands below them. */
  function group(title, specs, { folded = false, when, end } = {}) {
    const inner = [h("div", { class: "fields" }, specs.map(field)), end];
    const element = folded
      ? h("details", { class: "group", dataset: { group: title } }, h("summary", null, t(`g.${scope}.${title}`)), inner)
      : h("fieldset", { class: "group", dataset: { group: title } }, h("legend", null, t(`g.${scope}.${title}`)), inner);
    if (when) groups.push({ element, when });
    return element;
  }

  function field(spec) {
    const id = uid("f");
    const key = `f.${scope}.${spec.name}`;
    const lock = store.lockOf(pathOf(spec.name));
    const help = [has(`${key}.help`) && h("p", { class: "help" }, t(`${key}.help`)), lock !== null && h("p", { class: "help locked" }, t("locked", { origin: lock }))].filter(Boolean);
    const about = h("div", { id: `${id}-help` }, help);
    const error = h("p", { class: "error", id: `${id}-error` });
    const extra = h("div", { class: "extra" });
    const own = spec.via ? { ...form, ...spec.via(form) } : form;
    const input = (kinds[spec.kind ?? "text"] ?? textInput)(spec, own, { id, lock, refresh: changed });
    const control = input.control ?? input;
    control.setAttribute("aria-describedby", `${help.length > 0 ? `${id}-help ` : ""}${id}-error`);
    const label = spec.kind === "switch"
      ? h("label", { class: "switch", for: id }, input, h("span", null, t(key)))
      : [h("label", { for: id }, t(key), !spec.required && spec.optional && h("span", { class: "muted" }, ` ${t("optional")}`)), input.element ?? input];
    const element = h("div", { class: `field ${spec.size ?? ""} k-${spec.kind ?? "text"}`, dataset: { field: spec.name } }, label, help.length > 0 && about, extra, error);
    fields.push({ spec, element, control, error, extra, draw: input.draw });
    return element;

    function changed() {
      spec.changed?.(own.read(spec.name));
      refresh();
    }
  }

  /** Shows what matters now, and what the server said of each field. */
  function refresh() {
    for (const { element, when } of groups) element.hidden = !when();
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
  const element = h("select", { ...shared(spec, place), onchange: () => { form.write(spec.name, element.value); place.refresh(); } });
  const word = spec.word ?? ((option) => (has(`o.${spec.name}.${option}`) ? t(`o.${spec.name}.${option}`) : String(option)));
  const draw = () => {
    const options = typeof spec.options === "function" ? spec.options() : spec.options;
    const value = form.read(spec.name) ?? (options.includes("") ? "" : undefined);
    const all = options.includes(value) || value === undefined ? options : [...options, value];
    fill(element, all.map((option) => h("option", { value: option, selected: option === value }, word(option))));
  };
  element.addEventListener("draw", draw);
  draw();
  return element;
}

function switchInput(spec, form, place) {
  const element = h("input", { ...shared(spec, place), type: "checkbox", role: "switch", checked: form.read(spec.name) === true, onchange: () => { form.write(spec.name, element.checked); place.refresh(); } });
  return element;
}

function areaInput(spec, form, place) {
  const element = h("textarea", { ...shared(spec, place), rows: spec.rows ?? 6, class: "mono", spellcheck: "false", value: form.read(spec.name) ?? "", placeholder: spec.placeholder, oninput: () => { form.write(spec.name, element.value); place.refresh(); } });
  element.addEventListener("draw", () => { element.value = form.read(spec.name) ?? ""; });
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
