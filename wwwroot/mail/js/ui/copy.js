import { button } from "../dom.js";
import { t } from "../i18n.js";

/**
 * Copies text, also on plain http, where browsers keep their clipboard closed.
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const host = document.querySelector("dialog[open]:last-of-type") ?? document.body;
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  host.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}

/**
 * A button that copies and says so.
 * @param {() => string} text
 * @param {string} [label]
 */
export function copyButton(text, label = t("copy")) {
  const element = button(label, async () => {
    element.textContent = t(await copy(text()) ? "copied" : "copyFailed");
    setTimeout(() => { element.textContent = label; }, 2000);
  }, { act: "copy" });
  element.setAttribute("aria-live", "polite");
  return element;
}

/**
 * Gives the browser something to save as a file.
 * @param {string} name
 * @param {string|Uint8Array} content
 * @param {string} [type]
 */
export function saveAs(name, content, type = "text/plain;charset=utf-8") {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
