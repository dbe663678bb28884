import { get, path, resource } from "../api.js";
import { fill, h } from "../dom.js";
import { bytes, isAborted, moment } from "../format.js";
import { t } from "../i18n.js";

/** The log's files, to be saved whole; nothing where the server does not hand them out. */
export function logFiles(signal) {
  const element = h("details", { class: "log-files", hidden: true, dataset: { fold: "files" } });
  get("logs/files", { signal }).then(({ data }) => {
    element.hidden = data.items.length === 0;
    fill(element, h("summary", null, t("log.files", { n: data.items.length })), h("ul", null, data.items.map((file) => h("li", null,
      h("a", { class: "mono", href: resource(path("logs", "files", file.name)), download: file.name }, file.name), " ", h("span", { class: "muted" }, bytes(file.size ?? 0), (file.at ?? file.updatedAt) && [" · ", moment(file.at ?? file.updatedAt)])))));
  }).catch((error) => {
    // Reading the log does not depend on it.
    if (!isAborted(error)) element.hidden = true;
  });
  return element;
}
