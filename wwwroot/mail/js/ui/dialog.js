import { button, fill, h, uid } from "../dom.js";
import { faultsText, isAborted } from "../format.js";
import { t } from "../i18n.js";

/**
 * Opens a dialog over the page. The element is the browser's own: it keeps the focus inside and gives it back afterwards.
 * @param {{ title: string, body: Array, actions?: Array, name: string, wide?: boolean, kind?: "bad"|"warn", closable?: boolean, onClose?: () => void }} parts `name` is its stable data-dialog
 * @returns {{ element: HTMLDialogElement, close: () => void }}
 */
export function openDialog({ title, body, actions = [], name, wide = false, kind, closable = true, onClose }) {
  const id = uid("dialog");
  const before = document.activeElement;
  const element = h("dialog", { "aria-labelledby": id, class: [wide ? "wide" : "", kind ?? ""].join(" ").trim() || null, dataset: { dialog: name } },
    h("h2", { id }, title), body, actions.length > 0 && h("div", { class: "actions" }, actions));
  element.addEventListener("cancel", (event) => { if (!closable) event.preventDefault(); });
  // Chromium closes on a second Escape even where the first was refused.
  element.addEventListener("keydown", (event) => { if (event.key === "Escape" && !closable) event.preventDefault(); });
  element.addEventListener("close", () => {
    element.remove();
    if (before?.isConnected) before.focus();
    onClose?.();
  });
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.close() };
}

/**
 * Asks once before something is done.
 * @param {{ title: string, text: string, confirm: string, refuse?: string, danger?: boolean }} question
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, confirm, refuse = t("cancel"), danger = false }) {
  return new Promise((resolve) => {
    let answer = false;
    const yes = button(confirm, () => { answer = true; dialog.close(); }, { act: "confirm", kind: danger ? "danger" : "primary" });
    const dialog = openDialog({
      name: "ask", title, body: [h("p", null, text)],
      actions: [button(refuse, () => dialog.close(), { act: "refuse" }), yes],
      onClose: () => resolve(answer),
    });
  });
}

/** Asks before something typed is lost. */
export const askToDiscard = () => ask({ title: t("unsaved.title"), text: t("unsaved.text"), confirm: t("unsaved.leave"), refuse: t("unsaved.stay"), danger: true });

/**
 * A place for the outcome of what a dialog does, read out when it appears.
 * @returns {{ element: HTMLElement, say: (...content: unknown[]) => void }}
 */
export function alertPlace() {
  const element = h("div", { class: "alert-place", role: "alert" });
  return { element, say: (...content) => fill(element, content.length > 0 && content[0] !== "" && h("p", { class: "fault" }, content)) };
}

/** Says what went wrong, once, until it is closed. What somebody ended themselves is no fault. */
export function tellFault(error) {
  const text = faultsText(error);
  if (isAborted(error) || [...document.querySelectorAll(".notice-title")].some((shown) => shown.textContent === text)) return;
  notice(text, { kind: "warn", keep: true });
}

/**
 * Says that something worked, upper right, for six seconds. The pointer or the focus on it holds it; "Keep" keeps it.
 * @param {string} title
 * @param {{ lines?: Array, kind?: "good"|"warn", keep?: boolean }} [options] `lines`: more, each a paragraph
 */
export function notice(title, { lines = [], kind = "good", keep = false } = {}) {
  const shown = lines.filter(Boolean);
  let timer = 0;
  const stop = () => clearTimeout(timer);
  const start = () => { stop(); if (!kept) timer = setTimeout(() => element.remove(), 6000); };
  let kept = keep;
  const keeper = button(t("notice.keep"), () => { kept = true; stop(); keeper.remove(); }, { act: "keep", kind: "quiet" });
  const element = h("section", { class: `notice ${kind}`, dataset: { notice: kind }, onpointerenter: stop, onpointerleave: start, onfocusin: stop, onfocusout: start },
    h("p", { class: "notice-title" }, title),
    h("div", { class: "notice-actions" }, !kept && keeper, button(t("close"), () => element.remove(), { act: "dismiss", kind: "quiet" })),
    shown.length > 0 && h("div", { class: "notice-lines" }, shown.map((line) => h("p", null, line))));
  const place = document.getElementById("notices");
  // The newest good news is enough.
  for (const old of place.querySelectorAll(".good [data-act=keep]")) old.closest(".notice").remove();
  place.append(element);
  start();
}
