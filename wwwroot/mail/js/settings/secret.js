import { button, fill, h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * A secret is never shown, not even as dots: an empty field, "A password is stored" and a way to change it. Absent in the
 * draft keeps what is stored, an empty text removes it.
 */
export function secretField(spec, form, { id, lock, refresh }) {
  const element = h("div", { class: "secret" });
  const kind = spec.noun ?? (spec.area ? "key" : "password");
  const control = spec.area
    ? h("textarea", { id, name: spec.name, rows: 5, class: "mono", spellcheck: "false", autocomplete: "off", placeholder: spec.placeholder, value: form.read(spec.name) ?? "", oninput: () => typed() })
    : h("input", { id, name: spec.name, type: "password", autocomplete: "new-password", spellcheck: "false", class: "mono", value: form.read(spec.name) ?? "", oninput: () => typed() });
  const stored = () => form.read(spec.stored) === true;
  let changing = Boolean(form.read(spec.name));
  let drawn = null;

  /** Typed and deleted again is not "remove it": where one is stored, that one is kept. */
  function typed() {
    changing = true;
    form.write(spec.name, control.value === "" ? undefined : control.value);
    refresh();
  }

  function set(value, open) {
    control.value = value ?? "";
    changing = open;
    form.write(spec.name, value);
    refresh();
    (open ? control : element.querySelector("button"))?.focus();
  }

  function draw() {
    const removing = form.read(spec.name) === "" && stored();
    const look = lock !== null ? "locked" : !stored() ? "empty" : removing ? "removing" : spec.wanted?.() ? "needed" : changing ? "changing" : "stored";
    if (look === drawn) return;
    drawn = look;
    control.hidden = !["empty", "needed", "changing"].includes(look);
    const acts = {
      locked: [h("span", { class: "stored" }, t(stored() ? `secret.stored.${kind}` : "secret.none"))],
      empty: [],
      needed: [],
      stored: [h("span", { class: "stored" }, t(`secret.stored.${kind}`)), button(t("secret.change"), () => set(undefined, true), { act: "change-secret" }), button(t("secret.remove"), () => set("", false), { act: "remove-secret", kind: "quiet" })],
      changing: [button(t("secret.keep"), () => set(undefined, false), { act: "keep-secret", kind: "quiet" })],
      removing: [h("span", { class: "stored" }, t(`secret.removing.${kind}`)), button(t("secret.undo"), () => set(undefined, false), { act: "keep-secret", kind: "quiet" })],
    }[look];
    fill(element, control, acts);
  }

  // An error of the server on this field must find something to type in.
  control.addEventListener("reveal", () => { changing = true; draw(); });
  draw();
  return { element, control, draw };
}
