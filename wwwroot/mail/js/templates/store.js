/* Values of a form that are no settings: read and written by path, with the errors of the last save. */

import { read, write } from "../settings/paths.js";
import { guardLeaving } from "../router.js";
import { askToDiscard } from "../ui/dialog.js";

/** Nothing typed is nothing said. */
function clean(value) {
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value === "" ? null : value;
  const result = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clean(inner)]));
  return "address" in result && !result.address && !result.name ? null : result;
}

/**
 * @param {string} name what would be lost by leaving
 * @param {object} values
 * @param {(to: object) => boolean} stays which routes do not leave
 * @param {string|null} [lock] where the values come from that cannot be changed
 */
export function valueStore(name, values, stays, lock = null) {
  let saved = structuredClone(values);
  let now = structuredClone(values);
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
    adopt(next) { saved = structuredClone(next); store.cancel(); },
    onChange: (listener) => { listeners.add(listener); },
  };

  function told() {
    guardLeaving(name, store.isDirty() ? { stays, ask: async () => { const leave = await askToDiscard(); if (leave) store.cancel(); return leave; } } : null);
    for (const listener of listeners) listener();
  }

  return store;
}
