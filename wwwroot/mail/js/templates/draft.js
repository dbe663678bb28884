/* The template that is being edited: one draft, outside of the document, so that drawing a view anew loses nothing. */

import { call, get, path } from "../api.js";
import { guardLeaving } from "../router.js";
import { askToDiscard } from "../ui/dialog.js";
import { rebase } from "../settings/changes.js";
import { clean, read, write } from "../settings/paths.js";

const parts = ["subject", "html", "text"];
const listeners = new Set();

let now = null;

const textsOf = (data) => Object.fromEntries(parts.map((part) => [part, data[part] ?? null]));
const isDirty = () => now !== null && JSON.stringify(now.values) !== JSON.stringify(now.saved);

function told() {
  guardLeaving("template", isDirty() ? {
    stays: (to) => to.view === "templates" && to.parts[0] === now.name && (to.query.locale ?? now.locale) === now.locale && to.parts[1] !== "options",
    ask: async () => {
      const leave = await askToDiscard();
      if (leave) draft.cancel();
      return leave;
    },
  } : null);
  for (const listener of listeners) listener();
}

/** The one draft. */
export const draft = {
  /** `{ name, locale, values, saved, about, isNew }`; `about` is what the server said, null for a template that nobody has yet. */
  get now() { return now; },
  isDirty,

  /** What the server is sent: a part without a character is none. */
  payload: () => ({ subject: now.values.subject ?? "", html: now.values.html || null, text: now.values.text || null }),

  /**
   * Reads a template unless it is being edited.
   * @param {boolean} isAdded whether it may not be there yet
   */
  async open(name, locale, isAdded, signal) {
    const isEdited = () => isDirty() && now.name === name && now.locale === locale;
    if (isEdited()) return;
    try {
      const { data, etag } = await get(path("templates", name), { query: { locale }, signal });
      // Somebody may type while it is read anew after a save.
      if (isEdited()) return;
      const wanted = locale ?? data.locale;
      const exact = data.locale.toLowerCase() === wanted.toLowerCase();
      now = { name, locale: exact ? data.locale : wanted, about: data, values: textsOf(data), saved: textsOf(data), etag: exact ? etag : '"0"', isNew: !exact };
    } catch (error) {
      if (!isAdded || error.status !== 404) throw error;
      now = { name, locale, about: null, values: { subject: "", html: "", text: null }, saved: { subject: "", html: "", text: null }, etag: '"0"', isNew: true };
    }
    told();
  },

  write(part, text) {
    now.values[part] = text;
    told();
  },

  /** Takes over texts from elsewhere, to be looked at and saved. */
  replace(values) {
    now.values = { ...now.values, ...textsOf(values) };
    told();
  },

  cancel() {
    now.values = { ...now.saved };
    told();
  },

  /**
   * Saves it; what is typed meanwhile stays typed.
   * @throws an ApiError with the place of a fault, or that somebody saved in between
   */
  async save() {
    const { name, locale, values } = now;
    const sent = { ...values };
    const { data, etag } = await call("PUT", path("templates", name), { query: { locale }, body: draft.payload(), ifMatch: now.etag });
    if (now?.name === name && now.locale === locale) {
      now = { ...now, about: data, values: rebase(sent, now.values, textsOf(data)), saved: textsOf(data), etag, isNew: false };
      told();
    }
    return data;
  },

  /** Goes on from what somebody else saved, with what was typed here on top. */
  rebaseOn(current) {
    now = { ...now, about: current, saved: textsOf(current), etag: `"${current.version}"`, isNew: false };
    told();
  },

  /** Back to the built-in text, or away with an addition. */
  async reset() {
    await call("DELETE", path("templates", now.name), { query: { locale: now.locale } });
    now = null;
    guardLeaving("template", null);
  },

  /** @param {() => void} listener hears of every change */
  onChange: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
};

/* Values of a form that are no settings: read and written by path, with the errors of the last save. */

/**
 * @param {string} name what would be lost by leaving
 * @param {object} values
 * @param {(to: object) => boolean} stays which routes do not leave
 * @param {string|null} [lock] where the values come from that cannot be changed
 * @param {object} [typed] what stands in their place already, not saved
 */
export function valueStore(name, values, stays, lock = null, typed = values) {
  let saved = structuredClone(values);
  let now = structuredClone(typed);
  const listeners = new Set();
  const store = {
    errors: new Map(),
    get values() { return clean(now); },
    isDirty: () => JSON.stringify(clean(now)) !== JSON.stringify(clean(saved)),
    read: (path) => read(now, path),
    lockOf: () => lock,
    write(path, value) {
      write(now, path, value);
      for (const wrong of store.errors.keys()) if (wrong === path || wrong.startsWith(`${path}.`) || path.startsWith(`${wrong}.`)) store.errors.delete(wrong);
      told();
    },
    setErrors(found) { store.errors = new Map(Object.entries(found).map(([path, texts]) => [path, [texts].flat()])); told(); },
    cancel() { now = structuredClone(saved); store.errors = new Map(); told(); },
    /** Takes what was saved; what was typed since it was `sent` stays typed. */
    adopt(next, sent) {
      saved = structuredClone(next);
      now = rebase(sent, store.values, saved);
      store.errors = new Map();
      told();
    },
    onChange: (listener) => { listeners.add(listener); },
  };

  function told() {
    guardLeaving(name, store.isDirty() ? { stays, ask: async () => { const leave = await askToDiscard(); if (leave) store.cancel(); return leave; } } : null);
    for (const listener of listeners) listener();
  }

  told();
  return store;
}

const sentence = /^line (\d+), column (\d+): ([\s\S]*)$/;

/**
 * Where a template is wrong, as a refusal of the server says: the first fault in the reader's language, the others by their place.
 * @param {object} error an ApiError of `invalid-template`
 * @returns {Array<{ part: string|null, line: number|null, column: number|null, message: string }>}
 */
export function faultsOf(error) {
  const { problem } = error;
  const found = Object.entries(error.errors).flatMap(([path, texts]) => [texts].flat().map((text) => {
    const [, line, column, message] = sentence.exec(text) ?? [];
    return { part: path.replace(/^draft\./, ""), line: line ? Number(line) : null, column: column ? Number(column) : null, message: message ?? text };
  }));
  if (!problem.message) return found;
  const first = { part: problem.part ?? null, line: problem.line ?? null, column: problem.column ?? null, message: problem.message };
  return [first, ...found.filter((other) => other.part !== first.part || other.line !== first.line || other.column !== first.column)];
}
