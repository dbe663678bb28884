import { t } from "./i18n.js";
import { duration } from "./format.js";

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

/** Whether the person or a newer request ended it: nothing to tell. */
export const isAborted = (error) => error?.kind === "aborted";

function waitText(error) {
  const seconds = Number(error.retryAfter);
  return seconds > 0 ? t("error.rateLimitedFor", { wait: duration(seconds) }) : error.problem.detail || t("error.rateLimited");
}
