import { h } from "./dom.js";
import { language, t } from "./i18n.js";

const steps = [[60, "second", 1], [3600, "minute", 60], [86_400, "hour", 3600], [604_800, "day", 86_400]];

/**
 * A moment as people say it, with the exact one in `title` and `datetime`.
 * @param {string|null|undefined} at RFC 3339
 * @returns {HTMLElement|string}
 */
export function moment(at) {
  const date = new Date(at ?? NaN);
  if (Number.isNaN(date.getTime())) return "—";
  return h("time", { datetime: at, title: exact(at), class: "nowrap" }, relative(date));
}

function relative(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  if (Math.abs(seconds) < 5) return t("time.now");
  const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit) ?? [];
  if (!unit) return day(date);
  return new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "short" }).format(Math.round(seconds / size), unit);
}

/** The exact moment with the time zone, for titles and details. */
export const exact = (at) => new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "long" }).format(new Date(at));

/** The time of day, and the day where it is not today. */
export function clock(at, timeStyle = "short") {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const time = { hour: "2-digit", minute: "2-digit", second: timeStyle === "medium" ? "2-digit" : undefined, hourCycle: "h23" };
  return new Intl.DateTimeFormat(language(), today ? time : { day: "numeric", month: "short", ...time }).format(date);
}

/** A moment as the browser's field for one wants it: `2026-11-21T08:00`. */
export const localMinute = (time) => new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** A day without its year, for axes. */
export const dayOfMonth = (at) => new Intl.DateTimeFormat(language(), { day: "numeric", month: "short" }).format(new Date(at));

/** A date alone. */
export const day = (at) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(at));

/** A number with the language's separators. */
export const number = (value) => new Intl.NumberFormat(language()).format(value);

/** A size for people: `12.4 KB`. */
export function bytes(size) {
  const [unit, divisor] = size < 1000 ? ["byte", 1] : size < 1_000_000 ? ["kilobyte", 1000] : ["megabyte", 1_000_000];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1 }).format(size / divisor);
}

/** Milliseconds for people: `85 ms`, `2.4 s`. */
export const milliseconds = (value) =>
  (value < 1000 ? t("time.ms", { value: Math.round(value) }) : t("time.s", { value: number(Math.round(value / 100) / 10) }));

/** Seconds as a length of time in its largest fitting unit. */
export function duration(seconds) {
  const [unit, size] = seconds < 120 ? ["second", 1] : seconds < 7200 ? ["minute", 60] : seconds < 172_800 ? ["hour", 3600] : ["day", 86_400];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(Math.round(seconds / size));
}

/** Seconds as a running clock: `29:05`. */
export const countdown = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** An address as mail programs show it. */
export const mailbox = (box) => (typeof box === "string" ? box : box?.name ? `${box.name} <${box.address}>` : box?.address ?? "");

/**
 * What went wrong, in a sentence that says what to do.
 * @param {unknown} error
 * @returns {string}
 */
export function errorText(error) {
  if (error?.kind === "network") return t("error.network");
  if (error?.kind === "timeout") return t("error.timeout");
  if (error?.kind !== "problem") return t("error.page", { message: error?.message ?? String(error) });
  if (error.slug === "rate-limited") return waitText(error);
  return error.problem.detail || error.problem.title || t(error.isMissing ? "error.missing" : "error.status", { status: error.status });
}

/** What the server says of each field, else the whole. */
export const faultsText = (error) => error.problem?.message || Object.values(error.errors ?? {}).flat().join(" · ") || errorText(error);

/** Whether the person or a newer request ended it: nothing to tell. */
export const isAborted = (error) => error?.kind === "aborted";

/** Whether asking again would be answered alike. */
export const isFinal = (error) => isAborted(error) || (error.kind === "problem" && error.status < 500 && error.status !== 429);

function waitText(error) {
  const seconds = Number(error.retryAfter);
  return seconds > 0 ? t("error.rateLimitedFor", { wait: duration(seconds) }) : error.problem.detail || t("error.rateLimited");
}
