import { asset } from "./api.js";

const key = "mail.language";

/** The languages of the page, in the order of the switch: tag and what the switch calls it. */
export const languages = [["en", "EN"], ["zh-CN", "中"]];

let current = "en";
let texts = {};
let plural = new Intl.PluralRules("en");

/** @returns {string} the tag of the language shown */
export const language = () => current;

/** Loads the kept language, else the browser's, else English. */
export async function startLanguage() {
  await useLanguage(kept() ?? wished(), false);
}

/**
 * Shows the page's texts in a language.
 * @param {string} tag
 * @param {boolean} [keep] whether this browser remembers it
 */
export async function useLanguage(tag, keep = true) {
  texts = await asset(`i18n/${tag}.json`);
  current = tag;
  plural = new Intl.PluralRules(tag);
  document.documentElement.lang = tag;
  if (!keep) return;
  try {
    localStorage.setItem(key, tag);
  } catch {
    // Not kept, still shown.
  }
}

/**
 * The text of a key; `{name}` takes the value of that name. Where `n` is among the values, the key's form for that number is used if it has one.
 * @param {string} name
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function t(name, values) {
  const text = find(values && "n" in values ? `${name}.${plural.select(Number(values.n))}` : name) ?? find(`${name}.other`) ?? find(name) ?? name;
  return values ? text.replace(/\{(\w+)\}/g, (whole, part) => (part in values ? String(values[part] ?? "") : whole)) : text;
}

/** @returns {boolean} whether there is a text of this name */
export const has = (name) => find(name) !== undefined;

/** The text of a word of the API, or the word itself where the page does not know it. */
export const word = (group, value) => (has(`${group}.${value}`) ? t(`${group}.${value}`) : String(value ?? ""));

/** The text in the language shown of a value that carries one text per language. */
export const inLanguage = (texts_) => texts_?.[current === "zh-CN" ? "zh" : "en"] ?? texts_?.en;

const find = (name) => texts[name];

function kept() {
  try {
    const tag = localStorage.getItem(key);
    return languages.some(([known]) => known === tag) ? tag : null;
  } catch {
    return null;
  }
}

const wished = () => ((navigator.languages?.[0] ?? navigator.language ?? "en").toLowerCase().startsWith("zh") ? "zh-CN" : "en");
