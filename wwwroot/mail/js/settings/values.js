import { t } from "../i18n.js";

const secret = /(password|clientSecret|privateKey|refreshToken|clientKey)$/i;

/** Whether a path leads to a secret: its value is never shown. */
export const isSecret = (path) => secret.test(path);

/** A value of the settings as people read it. */
export function valueText(value) {
  if (value === null || value === undefined || value === "") return t("conflict.nothing");
  if (typeof value === "boolean") return t(value ? "on" : "off");
  if (Array.isArray(value)) return value.length === 0 ? t("conflict.nothing") : value.map((item) => item?.name ?? item?.id ?? item?.domain ?? item).join(", ");
  if (typeof value === "object" && value.mode) return [t(`mode.${value.mode}`), value.smtp && `${value.smtp.host}:${value.smtp.port}`, value[value.mode]?.path].filter(Boolean).join(" · ");
  if (typeof value === "object") return [value.name, value.address ?? value.domain].filter(Boolean).join(" · ") || JSON.stringify(value);
  return String(value);
}
