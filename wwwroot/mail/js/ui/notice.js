import { button, h } from "../dom.js";
import { t } from "../i18n.js";

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
  document.getElementById("notices").append(element);
  start();
}
