import { button, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { modes } from "./modes.js";
import { link } from "../router.js";
import { settings } from "../settings/settings.js";
import { onState, stateOf } from "../state.js";
import { resume, stateWords } from "./transport-state.js";
import { testMail } from "../diagnosis/test-mail.js";

/**
 * The transports in their order, to be moved by button, by Alt with the arrow keys, or with the pointer.
 * @param {AbortSignal} drawing
 * @param {() => void} redraw
 */
export function transportCards(drawing, redraw) {
  const list = h("ol", { class: "cards", dataset: { list: "transports" } });
  const states = new Map();
  fill(list, settings.draft.transports.map((transport, index) => card(transport, index, states, (from, to, focus) => move(from, to, focus, redraw))));
  drawing.addEventListener("abort", onState(() => { for (const [id, place] of states) drawState(place, id); }));
  return list;
}

function card(transport, index, states, moveTo) {
  const last = settings.draft.transports.length - 1;
  const name = transport.name || transport.id;
  const place = h("div", { class: "card-state" });
  states.set(transport.id, place);
  drawState(place, transport.id);
  const element = h("li", {
    class: transport.enabled === false ? "card off" : "card", dataset: { transport: transport.id },
    onkeydown: (event) => {
      const to = { ArrowUp: index - 1, ArrowDown: index + 1 }[event.key];
      if (!event.altKey || to === undefined || to < 0 || to > last) return;
      event.preventDefault();
      moveTo(index, to, event.target.dataset.act ?? "edit");
    },
    ondragover: (event) => {
      if (!event.dataTransfer.types.includes("text/x-transport")) return;
      event.preventDefault();
      element.classList.add("over");
    },
    ondragleave: () => element.classList.remove("over"),
    ondrop: (event) => { event.preventDefault(); moveTo(Number(event.dataTransfer.getData("text/x-transport")), index, "edit"); },
  },
  h("div", { class: "card-place" }, h("span", { class: "grip", "aria-hidden": "true", draggable: "true", ondragstart: (event) => { event.dataTransfer.setData("text/x-transport", String(index)); event.dataTransfer.setDragImage(element, 8, 8); } }, "⋮⋮"), h("span", { class: "place" }, index + 1)),
  h("div", { class: "card-text" },
    h("h2", null, h("a", { href: link(["transports", transport.id]) }, name)),
    h("p", { class: "mono muted" }, [t(`mode.${transport.mode}`), modes[transport.mode]?.where(transport[transport.mode])].filter(Boolean).join(" · ")),
    place),
  h("div", { class: "card-acts" },
    button("↑", () => moveTo(index, index - 1, "up"), { act: "up", kind: "quiet", disabled: index === 0, label: t("transports.up", { name }), title: t("transports.up", { name }) }),
    button("↓", () => moveTo(index, index + 1, "down"), { act: "down", kind: "quiet", disabled: index === last, label: t("transports.down", { name }), title: t("transports.down", { name }) }),
    button(t("test.short"), () => testMail(transport), { act: "test", label: t("test.of", { name }) }),
    h("a", { class: "button", href: link(["transports", transport.id]), dataset: { act: "edit" }, "aria-label": t("transports.edit", { name }) }, t("edit"))));
  return element;
}

function move(from, to, focus, redraw) {
  const { transports } = settings.draft;
  const [moved] = transports.splice(from, 1);
  transports.splice(to, 0, moved);
  settings.touched();
  redraw();
  const shown = document.querySelector(`[data-transport="${CSS.escape(moved.id)}"]`);
  const wanted = shown?.querySelector(`[data-act="${focus}"]:not(:disabled)`) ?? shown?.querySelector("[data-act]:not(:disabled)");
  wanted?.focus();
}

const drawState = (place, id) => fill(place, stateWords(id), stateOf(id)?.state === "suspended" && button(t("transports.resume"), () => resume(id), { act: "resume", kind: "quiet" }));
