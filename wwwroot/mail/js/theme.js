/* Light or dark: the browser's wish until the switch is used, then the switch's, kept in this browser. Runs before the
   first paint, so it imports nothing. */

const key = "mail.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light"|"dark"} what is shown now */
export function theme() {
  return document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");
}

/** Changes to the other one and keeps the choice. */
export function switchTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  keep(next);
}

function keep(value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
}

try {
  const kept = localStorage.getItem(key);
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // Storage is closed: the browser's wish rules.
}
