import { call } from "./api.js";
import { append, button, fill, h } from "./dom.js";
import { language, languages, t, useLanguage } from "./i18n.js";
import { tellFault } from "./ui/dialog.js";
import { switchTheme, theme } from "./theme.js";
import { onState, stateDot } from "./state.js";

let forgetLine = null;
const views = ["overview", "transports", "messages", "templates", "debug", "access"];

/**
 * Builds the bar, the navigation and the place of the views.
 * @param {{ relabel: () => void, signOut: () => Promise<boolean> }} acts `relabel` draws everything anew in another language; `signOut` asks whether leaving is all right
 */
export function buildFrame(acts) {
  const main = h("main", { id: "main", tabindex: "-1" });
  fill(document.getElementById("frame"),
    h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, t("frame.skip")),
    h("header", { class: "bar" },
      h("a", { class: "brand", href: "#/overview" }, h("img", { src: "mark.svg", alt: "", width: 24, height: 24 }), h("span", null, t("product"))),
      stateLine(),
      h("div", { class: "bar-acts" }, languageSwitch(acts.relabel), themeSwitch(), button(t("frame.signOut"), () => leave(acts.signOut), { act: "sign-out", kind: "quiet" }))),
    h("nav", { "aria-label": t("frame.nav") }, views.map((view) => h("a", { href: `#/${view}`, dataset: { nav: view } }, t(`nav.${view}`)))),
    main);
}

/** Marks a view in the navigation. */
export function markView(view) {
  for (const item of document.querySelectorAll("[data-nav]")) {
    if (item.dataset.nav !== view) item.removeAttribute("aria-current");
    else {
      item.setAttribute("aria-current", "page");
      item.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}

function stateLine() {
  const line = h("a", { class: "state-line", href: "#/overview", dataset: { state: "unknown" } }, stateDot("unknown"), h("span", null, t("verdict.unknown.short")));
  forgetLine?.();
  forgetLine = onState((state) => {
    line.dataset.state = state.level;
    fill(line, stateDot(state.level), h("span", null, state.short));
  });
  return line;
}

function languageSwitch(relabel) {
  const group = h("div", { class: "switch-group", role: "group", "aria-label": t("frame.language") });
  append(group, languages.map(([tag, label]) => h("button", {
    type: "button", lang: tag, "aria-pressed": String(tag === language()), dataset: { language: tag }, title: t(`language.${tag}`),
    onclick: async () => {
      await useLanguage(tag);
      relabel();
      document.querySelector(`[data-language="${tag}"]`)?.focus();
    },
  }, label)));
  return group;
}

function themeSwitch() {
  const label = () => t(theme() === "dark" ? "frame.light" : "frame.dark");
  const element = button("◐", () => {
    switchTheme();
    element.setAttribute("aria-label", label());
    element.title = label();
  }, { act: "theme", kind: "quiet", label: label(), title: label() });
  return element;
}

async function leave(mayLeave) {
  if (!await mayLeave()) return;
  try {
    await call("DELETE", "session", { open: true });
  } catch (error) {
    if (error.status !== 401) return tellFault(error);
  }
  location.hash = "#/overview";
  location.reload();
}
