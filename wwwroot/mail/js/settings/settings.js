/* The settings as the server has them (`base`) and as they are being edited (`draft`): one draft for the list and all
   forms, outside of the document, so that drawing a view anew loses nothing. */

import { call, get } from "../api.js";
import { rebase } from "./changes.js";
import { byId, clean, read, write } from "./paths.js";

const readOnly = ["version", "updatedAt", "updatedBy", "locked", "warnings"];
const modeNames = ["smtp", "php", "sendmail", "qmail", "capture"];
const listeners = new Set();

let base = null;
let draft = null;
let etag = null;
let errors = new Map();

/** Without what only the server says, and without what a transport had in another mode. */
function bare(settings) {
  const result = Object.fromEntries(Object.entries(clean(settings)).filter(([name]) => !readOnly.includes(name)));
  const without = (transport) => Object.fromEntries(Object.entries(transport).filter(([name]) => name === transport.mode || !modeNames.includes(name)));
  return { ...result, transports: result.transports.map(without) };
}

/** Which secrets are stored is what the server says of this moment, whatever came in. */
function keepStored(values, saved) {
  for (const transport of values.transports) {
    const known = saved.transports.find(({ id }) => id === transport.id);
    if (transport.smtp) {
      transport.smtp.hasPassword = known?.smtp?.hasPassword ?? false;
      if (transport.smtp.proxy) transport.smtp.proxy.hasPassword = known?.smtp?.proxy?.hasPassword ?? false;
      for (const name of ["hasClientSecret", "hasPrivateKey", "hasRefreshToken"]) if (transport.smtp.oauth) transport.smtp.oauth[name] = known?.smtp?.oauth?.[name] ?? false;
      if (transport.smtp.certificate) transport.smtp.certificate.hasClientKey = known?.smtp?.certificate?.hasClientKey ?? false;
    }
  }
  for (const key of values.dkim ?? []) key.hasKey = saved.dkim?.find(({ domain, selector }) => domain === key.domain && selector === key.selector)?.hasKey ?? false;
}

/** Takes settings of the server; what was typed since `from` stays on top. */
function takeOver({ data, etag: tag }, from) {
  const mine = from && rebase(from, bare(draft), bare(data));
  base = data;
  etag = tag ?? `"${data.version}"`;
  draft = { ...structuredClone(data), ...mine };
  keepStored(draft, base);
  errors = new Map();
  changed();
}

const changed = () => { for (const listener of listeners) listener(); };

/** The draft of the settings. */
export const settings = {
  /** What the server has; null before `load`. */
  get base() { return base; },
  /** What is on the page. Change it through `write`, or call `touched` afterwards. */
  get draft() { return draft; },
  /** The version of `base` as a request names it. */
  get etag() { return etag; },
  /** Messages by path, of the last save or test. */
  get errors() { return errors; },

  /**
   * Reads the settings unless there is a draft worth keeping.
   * @param {AbortSignal} signal
   * @param {boolean} [keep] whether what is there is good enough, with the errors that were found in it
   */
  async load(signal, keep = false) {
    if (this.isDirty() || (keep && base)) return;
    const answer = await get("settings", { signal });
    if (!this.isDirty()) takeOver(answer);
  },

  /** Takes settings of the server as they are. */
  adopt: (answer) => takeOver(answer),

  isDirty: () => base !== null && JSON.stringify(bare(base)) !== JSON.stringify(bare(draft)),
  read: (path) => read(draft, path),

  write(path, value) {
    write(draft, path, value);
    for (const wrong of errors.keys()) if (wrong === path || wrong.startsWith(`${path}.`) || path.startsWith(`${wrong}.`)) errors.delete(wrong);
    changed();
  },

  /**
   * Puts other settings in place of the draft, to be looked at and saved: of an older version, or imported.
   * @param {object} values
   */
  replaceDraft(values) {
    draft = { ...structuredClone(base), ...structuredClone(values) };
    for (const name of readOnly) draft[name] = base[name];
    keepStored(draft, base);
    errors = new Map();
    changed();
  },

  /** After a change of the draft that did not go through `write`. */
  touched: changed,

  /** Back to what the server has. */
  cancel() {
    draft = structuredClone(base);
    errors = new Map();
    changed();
  },

  /** What the server is sent. */
  payload: () => bare(draft),

  /** Saves the draft; errors of the server are kept by path and thrown. What is typed meanwhile stays typed. */
  async save() {
    const sent = bare(draft);
    try {
      const answer = await call("PUT", "settings", { body: sent, ifMatch: etag });
      takeOver(answer, sent);
      return answer.data;
    } catch (error) {
      this.setErrors(error.errors);
      throw error;
    }
  },

  /** @param {Record<string, string[]>} [found] messages by path, as the server names them */
  setErrors(found = {}) {
    errors = new Map(Object.entries(found).map(([path, texts]) => [byId(path.replace(/^settings\./, ""), draft), [texts].flat()]));
    changed();
  },

  /** Puts what was typed here on top of newer settings of the server. */
  rebaseOn: (answer) => takeOver(answer, bare(base)),

  /** Why a field cannot be edited here: where the host's configuration sets it, or null. */
  lockOf(path) {
    const locked = base?.locked ?? {};
    const owner = Object.keys(locked).find((name) => path === name || path.startsWith(`${name}.`));
    return owner === undefined ? null : locked[owner];
  },

  /** @returns {boolean} whether the host's configuration sets anything of a path */
  isPartlyLocked: (path) => Object.keys(base?.locked ?? {}).some((name) => name === path || name.startsWith(`${path}.`)),

  /** @param {() => void} listener hears of every change of the draft */
  onChange: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
};
