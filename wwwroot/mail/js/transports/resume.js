import { call, path } from "../api.js";
import { errorText } from "../errors.js";
import { t } from "../i18n.js";
import { refreshState } from "../state.js";
import { notice } from "../ui/notice.js";

/** Lets a suspended transport be tried at once, instead of when its time comes. */
export async function resume(id) {
  try {
    await call("POST", path("transports", id, "resume"));
    notice(t("transports.resumed"));
    await refreshState();
  } catch (error) {
    notice(errorText(error), { kind: "warn", keep: true });
  }
}
