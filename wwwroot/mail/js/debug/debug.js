import { fill, h } from "../dom.js";
import { debugSwitch } from "./switch.js";
import { t } from "../i18n.js";
import { showLog } from "./log.js";
import { link } from "../router.js";
import { tabs } from "../ui/tabs.js";
import { showTranscript, showTranscripts } from "./transcripts.js";
import { showUnmatched } from "./unmatched.js";

const parts = { transcripts: showTranscripts, log: showLog, unmatched: showUnmatched };

/** The views `#/debug` (transcripts), `#/debug/log`, `#/debug/unmatched` and `#/debug/transcripts/{id}`. */
export async function showDebug(main, to, signal) {
  const [part = "transcripts", id] = to.parts;
  if (part === "transcripts" && id !== undefined) return showTranscript(main, id, signal);
  const now = part in parts ? part : "transcripts";
  const place = h("div", { class: "tab-place" });
  const control = h("div", null);
  fill(main,
    h("div", { class: "title-row" }, h("h1", null, t("nav.debug"))),
    h("p", { class: "purpose" }, t("debug.purpose")),
    control,
    tabs(t("debug.tabs"), Object.keys(parts).map((name) => ({ name, href: link(name === "transcripts" ? ["debug"] : ["debug", name]), text: t(`debug.${name}`) })), now),
    place);
  await Promise.all([debugSwitch(control, signal), parts[now](place, to, signal)]);
}
