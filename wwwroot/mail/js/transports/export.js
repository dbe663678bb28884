import { get } from "../api.js";
import { errorText } from "../errors.js";
import { t } from "../i18n.js";
import { saveAs } from "../ui/copy.js";
import { notice } from "../ui/notice.js";

/** Saves the settings in force as a file, without secrets; import takes it. */
export async function exportSettings() {
  try {
    const { data } = await get("settings/export");
    saveAs("mail-settings.json", `${JSON.stringify(data, null, 2)}\n`, "application/json");
    notice(t("export.done"));
  } catch (error) {
    notice(errorText(error), { kind: "warn", keep: true });
  }
}
