/* Field paths of the API: `transports[id=primary].smtp.port`, `dkim[0].domain`, `from.address`. */

/**
 * The parts of a path. A list item is `{ key, value }` (by a member's value) or a number (by its place).
 * @param {string} path
 * @returns {Array<string|number|{ key: string, value: string }>}
 */
function parse(path) {
  const parts = [];
  for (const [, name, item] of path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (name !== undefined) parts.push(name);
    else if (/^\d+$/.test(item)) parts.push(Number(item));
    else parts.push({ key: item.slice(0, item.indexOf("=")), value: item.slice(item.indexOf("=") + 1) });
  }
  return parts;
}

const step = (object, part) => (typeof part === "object" ? object?.find?.((item) => String(item?.[part.key]) === part.value) : object?.[part]);

/** The value at a path, or undefined. */
export const read = (object, path) => parse(path).reduce(step, object);

/**
 * Sets the value at a path and makes the objects on the way that are missing; list items must exist.
 * @returns {boolean} whether there was such a place
 */
export function write(object, path, value) {
  const parts = parse(path);
  const last = parts.pop();
  for (const part of parts) {
    let next = step(object, part);
    if ((next === null || next === undefined) && typeof part === "string") next = object[part] = {};
    if (next === null || typeof next !== "object") return false;
    object = next;
  }
  if (typeof last === "object") {
    const index = object.indexOf(step(object, last));
    if (index < 0) return false;
    object[index] = value;
  } else object[last] = value;
  return true;
}

/** Merges an object into the object at a path, deeply; anything else replaces what is there. Returns whether there was such a place. */
export function merge(object, path, value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return write(object, path, value);
  return Object.entries(value).every(([name, inner]) => merge(object, path ? `${path}.${name}` : name, inner));
}

/** Absent keeps a secret and empty clears it, so these stay as they are. */
const secrets = new Set(["password", "clientSecret", "privateKey", "refreshToken", "clientKey"]);
const isMailbox = (value) => "address" in value && Object.keys(value).every((name) => ["address", "name"].includes(name));

/** Nothing typed is nothing said: empty texts and mailboxes without a part are null, so that typing and deleting is no change. */
export function clean(value) {
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value === "" ? null : value;
  const result = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, secrets.has(name) ? inner : clean(inner)]));
  return isMailbox(result) && !result.address && !result.name ? null : result;
}

/** Names transports by their id in a path that names them by place, as they are in these settings. */
export function byId(path, settings) {
  return path.replace(/^transports\[(\d+)\]/, (whole, index) => {
    const id = settings.transports[Number(index)]?.id;
    return id ? `transports[id=${id}]` : whole;
  });
}

/** The path of a transport. */
export const transportPath = (id) => `transports[id=${id}]`;

/** The id of the transport a path lies in, or null. */
export const transportOf = (path) => /^transports\[id=([^\]]*)\]/.exec(path)?.[1] ?? null;
