import { get, loadConfig, whenSignInIsNeeded } from "./api.js";
import { askToDiscard } from "./ui/dialog.js";
import { button, fill, focusHeading, h, skeleton } from "./dom.js";
import { errorText, isAborted } from "./format.js";
import { buildFrame, markView } from "./frame.js";
import { startLanguage, t } from "./i18n.js";
import { guardLeaving, mayLeave, route, shownHash, startRouter } from "./router.js";
import { settings } from "./settings/settings.js";
import { askForSignIn } from "./sign-in.js";
import { tell, watchState } from "./state.js";

/** Each view is loaded when it is first gone to. */
const views = {
  overview: async () => (await import("./overview/overview.js")).showOverview,
  transports: async () => (await import("./transports/transports.js")).showTransports,
  history: async () => (await import("./transports/history.js")).showHistory,
  messages: async () => (await import("./messages/messages.js")).showMessages,
  templates: async () => (await import("./templates/templates.js")).showTemplates,
  debug: async () => (await import("./debug/debug.js")).showDebug,
  access: async () => (await import("./access/access.js")).showAccess,
};

/** Views that lie inside of another one of the navigation. */
const partOf = { history: "transports" };

let visit = null;

/** Shows the view of a route. A view fills `main` and may add to `signal`, which ends when the view is left. */
async function show(to, { focus = true } = {}) {
  visit?.abort();
  visit = new AbortController();
  const { signal } = visit;
  const name = to.view in views ? to.view : "overview";
  const main = document.getElementById("main");
  const before = document.activeElement;
  markView(partOf[name] ?? name);
  delete main.dataset.shown;
  fill(main, skeleton());
  try {
    const showView = await views[name]();
    if (!signal.aborted) await showView(main, { ...to, view: name }, signal);
  } catch (error) {
    if (signal.aborted || isAborted(error)) return;
    fill(main, h("h1", null, t(`nav.${partOf[name] ?? name}`)), h("div", { class: "empty", role: "alert" }, h("p", null, errorText(error)), button(t("retry"), () => show(to), { act: "retry", kind: "primary" })));
  }
  if (signal.aborted) return;
  const heading = main.querySelector("h1");
  // For whoever drives the page and has to know which view is there.
  main.dataset.shown = shownHash();
  document.title = heading ? `${heading.textContent} · ${t("product")}` : t("product");
  // Whoever went on meanwhile, by key or in the view, stays there.
  if (focus && [before, document.body].includes(document.activeElement)) {
    focusHeading(main);
    scrollTo(0, 0);
  }
}

function build() {
  buildFrame({ relabel: () => { build(); tell(); show(route(), { focus: false }); }, signOut: mayLeave });
}

/** Asks before settings that were typed and not saved are lost; the views of one draft are one place. */
function guardDraft() {
  settings.onChange(() => guardLeaving("settings", settings.isDirty() ? {
    stays: (to) => ["transports", "history"].includes(to.view),
    ask: async () => {
      const leave = await askToDiscard();
      if (leave) settings.cancel();
      return leave;
    },
  } : null));
}

async function start() {
  await Promise.all([loadConfig(), startLanguage()]);
  build();
  whenSignInIsNeeded(askForSignIn);
  guardDraft();
  await get("session").catch(() => { /* The view says what is wrong, with a way to try again. */ });
  startRouter((to) => show(to));
  watchState();
}

start().catch((error) => fill(document.getElementById("frame"), h("main", { id: "main" }, h("h1", null, "Mail"), h("p", null, `This page could not load its own files (${error.kind ?? error.message}). Reload it.`))));
