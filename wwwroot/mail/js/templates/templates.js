import { showEditor } from "./editor.js";
import { showLayout } from "./layout.js";
import { showList } from "./list.js";
import { showOptions } from "./options.js";
import { showVersions } from "./versions.js";

/** The views `#/templates`, `#/templates/{name}` with its locale, its `options` and `versions`, and `#/templates/layout`. */
export function showTemplates(main, to, signal) {
  const [name, part, number] = to.parts;
  if (name === undefined) return showList(main, signal);
  if (part === "versions") return showVersions(main, name, number, to, signal);
  if (name === "layout") return showLayout(main, signal);
  return part === "options" ? showOptions(main, name, signal) : showEditor(main, name, to, signal);
}
