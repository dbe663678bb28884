/* The only file that fetches. It adds the antiforgery token, gives each request a time limit, turns problem details into a
   typed error, and answers "not signed in" by asking for the key over the page and repeating the request. */

let base = new URL("/api/mail/", document.baseURI);
let csrfToken = null;
let askForSignIn = null;
let signingIn = null;

/** A request that did not succeed. `kind`: `problem` (the server answered), `network`, `timeout` or `aborted`. */
class ApiError extends Error {
  constructor(kind, { problem = {}, status = 0, retryAfter = null } = {}) {
    super(problem.title ?? kind);
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** The last segment of the problem's type, such as `stale-version`. */
  get slug() {
    return String(this.problem.type ?? "").split("/").pop();
  }

  /** Messages by field path. */
  get errors() {
    return this.problem.errors ?? {};
  }

  /** Whether this server does not have the route at all (yet). */
  get isMissing() {
    return this.status === 404 || this.status === 405;
  }
}

/** Reads `config.json` beside the page: where the API is. */
export async function loadConfig() {
  const config = await asset("config.json");
  base = new URL(`${String(config.api ?? "/api/mail").replace(/\/+$/, "")}/`, document.baseURI);
}

/**
 * A JSON file that lies beside the page.
 * @param {string} path
 */
export async function asset(path) {
  const response = await send(new URL(path, document.baseURI), { method: "GET" }, { timeout: 15_000 });
  if (!response.ok) throw new ApiError("problem", { status: response.status });
  return response.json();
}

/** @param {() => Promise<void>} ask shows the sign-in and ends when it has succeeded */
export function whenSignInIsNeeded(ask) {
  askForSignIn = ask;
}

/** The antiforgery token belongs to one sign-in: called after each new one. */
export function forgetToken() {
  csrfToken = null;
}

/**
 * One call of the REST API.
 * @param {string} method
 * @param {string} path relative to the API's base, such as `settings`
 * @param {{ body?: unknown, query?: Record<string, unknown>, ifMatch?: string, signal?: AbortSignal, timeout?: number, open?: boolean, anonymous?: boolean, accept?: string, onLine?: (line: string) => void }} [options]
 *   `open`: never asks for a sign-in; `anonymous`: before there is one, so without its token; `onLine`: the answer comes line by line, as it happens; `timeout` in milliseconds, of each silence where there is `onLine`
 * @returns {Promise<{ data: any, etag: string|null, status: number }>}
 */
export async function call(method, path, options = {}) {
  for (let renewed = false; ;) {
    const response = await send(address(path, options.query), await request(method, options), options);
    if (response.ok) return read(response, options.accept);
    const error = await problemOf(response);
    if (options.open) throw error;
    if (error.status === 401 && askForSignIn) await signIn();
    else if (error.slug === "csrf-invalid" && !renewed) {
      forgetToken();
      renewed = true;
    } else throw error;
  }
}

/** GET. Same options as `call`. */
export const get = (path, options) => call("GET", path, options);

/**
 * A path made of parts that come from data.
 * @param {...string} parts
 */
export const path = (...parts) => parts.map(encodeURIComponent).join("/");

/** The address of a resource, for a link that the browser follows by itself. */
export const resource = (relative) => address(relative).href;

function address(relative, query) {
  const url = new URL(relative, base);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

async function request(method, { body, ifMatch, open, anonymous, accept }) {
  const headers = { "Accept": accept ?? "application/json", "Accept-Language": document.documentElement.lang };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (ifMatch) headers["If-Match"] = ifMatch;
  if (method !== "GET" && !anonymous) headers["X-CSRF-Token"] = await token(open);
  return { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
}

async function token(open) {
  csrfToken ??= (await get("session", { open })).data.csrfToken;
  return csrfToken ?? "";
}

function signIn() {
  forgetToken();
  signingIn ??= askForSignIn().finally(() => { signingIn = null; });
  return signingIn;
}

/** The time limit covers the body too, so it is read in here. */
async function send(url, init, { timeout = 20_000, signal, onLine }) {
  const control = new AbortController();
  const abort = () => control.abort();
  let late = false;
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { late = true; abort(); }, timeout);
  };
  wait();
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    const response = await fetch(url, { ...init, credentials: "same-origin", cache: "no-cache", redirect: "follow", signal: control.signal });
    const text = onLine && response.ok ? await readLines(response.body, onLine, wait) : await response.text();
    return { ok: response.ok, status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(late ? "timeout" : control.signal.aborted ? "aborted" : "network");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function read(response, accept) {
  const answer = { data: null, etag: response.headers.get("ETag"), status: response.status };
  if (response.text === "") return answer;
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  // A host that answers every path with its own page is not this API.
  if (!isJson && !accept) throw new ApiError("problem", { status: 404 });
  return { ...answer, data: isJson ? response.json() : response.text };
}

async function problemOf(response) {
  let problem = {};
  try {
    problem = response.json() ?? {};
  } catch {
    // Not ours (a proxy's page, an empty answer): the status alone speaks.
  }
  return new ApiError("problem", { problem, status: response.status, retryAfter: response.headers.get("Retry-After") });
}

/**
 * Reads an answer line by line, as it arrives.
 * @param {ReadableStream<Uint8Array>} body
 * @param {(line: string) => void} onLine
 * @param {() => void} heard is called with each piece that comes
 * @returns {Promise<string>} empty: every line was handed on
 */
async function readLines(body, onLine, heard) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    heard();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split(/\r?\n/);
    rest = done ? "" : lines.pop();
    for (const line of lines) onLine(line);
    if (done) return "";
  }
}
