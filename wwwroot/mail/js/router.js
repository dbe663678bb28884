/* Addresses live behind the hash, so that the page works at any path and needs nothing of the server: `#/messages?status=failed`. */

let shown = "";
let show = () => {};
const guards = new Map();
let asking = false;

/** @typedef {{ view: string, parts: string[], query: Record<string, string> }} Route */

/** @returns {Route} */
export function route(hash = location.hash) {
  const [way, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [view = "", ...parts] = way.split("/").filter(Boolean).map(decode);
  return { view, parts, query: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * The address of a view.
 * @param {string[]} way
 * @param {Record<string, unknown>} [query] empty values are left out
 */
export function link(way, query = {}) {
  const kept = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const search = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
  return `#/${way.map(encodeURIComponent).join("/")}${search && `?${search}`}`;
}

/** Goes to an address; the browser's Back comes back. */
export function go(hash) {
  if (hash === location.hash) show(route(hash));
  else location.hash = hash;
}

/** The address of what is shown. */
export const shownHash = () => shown;

/** Puts another address in place of this one without showing anything anew. */
export function replace(hash) {
  history.replaceState(null, "", hash);
  shown = hash;
}

/**
 * What must be asked before a view is left: `stays` tells which routes do not leave, `ask` resolves to whether to go.
 * @param {string} name of what would be lost
 * @param {{ stays: (route: Route) => boolean, ask: () => Promise<boolean> }|null} guard null: nothing would
 */
export function guardLeaving(name, guard) {
  if (guard) guards.set(name, guard);
  else guards.delete(name);
}

/** Asks whatever would be lost by going to a route, or by going altogether. */
export async function mayLeave(to = null) {
  for (const guard of concerned(to)) if (!await guard.ask()) return false;
  return true;
}

const concerned = (to) => [...guards.values()].filter((guard) => to === null || !guard.stays(to));

/** @param {(route: Route) => void} onRoute is called for the first address and each later one */
export function startRouter(onRoute) {
  show = onRoute;
  shown = location.hash;
  addEventListener("hashchange", moved);
  addEventListener("beforeunload", (event) => { if (guards.size > 0) event.preventDefault(); });
  show(route());
}

async function moved() {
  const wanted = location.hash;
  if (wanted === shown) return;
  if (concerned(route(wanted)).length > 0) {
    // The browser has moved already: back to what is shown, then ask.
    history.pushState(null, "", shown || "#/");
    if (asking) return;
    asking = true;
    const leave = await mayLeave(route(wanted)).finally(() => { asking = false; });
    if (leave) location.hash = wanted;
    return;
  }
  shown = wanted;
  show(route(wanted));
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
