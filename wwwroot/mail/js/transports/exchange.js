import { call, get } from "../api.js";
import { button, fill, h } from "../dom.js";
import { faultsText } from "../format.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { changeTable, changes } from "../settings/changes.js";
import { settings } from "../settings/settings.js";
import { alertPlace, notice, openDialog, tellFault } from "../ui/dialog.js";
import { saveAs } from "../ui/copy.js";

const formats = ["auto", "owncloud", "thingsboard", "hyperbdr", "dce", "env", "url", "msmtprc", "mailplugin"];
const largest = 256 * 1024;
const general = ["from", "replyTo", "envelopeFrom", "subjectPrefix", "adminAddress"];

/**
 * Takes over settings of another product: paste, look at what was understood, bring it into the form. Nothing is saved here.
 * @param {() => void} taken draws the view anew
 */
export function importSettings(taken) {
  const text = h("textarea", { id: "import-text", name: "import", rows: 10, class: "mono", spellcheck: "false", autocomplete: "off", placeholder: t("import.placeholder"), "aria-describedby": "import-help" });
  const format = h("select", { id: "import-format", name: "format" }, formats.map((name) => h("option", { value: name }, t(`import.format.${name}`))));
  const file = h("input", { id: "import-file", type: "file", "aria-describedby": "import-help", onchange: () => readFile() });
  const fault = alertPlace();
  const place = h("div", { class: "import-steps" });
  const dialog = openDialog({ name: "import", wide: true, title: t("import.title"), body: [place] });
  ask();

  function ask() {
    fill(place,
      h("p", { id: "import-help" }, t("import.help")),
      h("div", { class: "fields" },
        h("div", { class: "field" }, h("label", { for: "import-format" }, t("import.format")), format),
        h("div", { class: "field" }, h("label", { for: "import-file" }, t("import.file")), file),
        h("div", { class: "field wide" }, h("label", { for: "import-text" }, t("import.text")), text)),
      fault.element,
      h("div", { class: "actions" }, button(t("cancel"), () => dialog.close(), { act: "close" }), button(t("import.read"), read, { act: "read-import", kind: "primary" })));
    text.focus();
  }

  async function readFile() {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > largest) return fault.say(t("import.tooLarge"));
    text.value = await chosen.text();
  }

  async function read() {
    fault.say("");
    try {
      const { data } = await call("POST", "settings/import", { body: { format: format.value, text: text.value } });
      show(data);
    } catch (error) {
      fault.say(faultsText(error));
    }
  }

  function show(found) {
    const imported = found.settings;
    const many = imported.transports?.length ?? 0;
    const added = settings.draft.transports.length > 0 ? withAdded(imported) : null;
    const differences = changes(settings.draft, { ...settings.draft, ...(added ?? imported) });
    fill(place,
      h("p", { class: "import-found" }, h("strong", null, t("import.found", { n: many }))),
      foundList("warnings", found.warnings, "warn"),
      differences.length > 0 ? changeTable(differences, [t("import.now"), t("import.then")]) : h("p", null, t("import.nothing")),
      foundList("recognised", found.recognised, "good"), foundList("ignored", found.ignored, "off"),
      h("div", { class: "actions" },
        button(t("import.back"), ask, { act: "import-back" }),
        added && button(t("import.replace"), () => take(imported), { act: "replace-by-import" }),
        button(t(added ? "import.add" : "import.take"), () => take(added ?? imported), { act: "take-import", kind: "primary" })));
    place.querySelector('[data-act="take-import"]').focus();
  }

  function take(values) {
    settings.replaceDraft({ ...settings.draft, ...values });
    dialog.close();
    notice(t("import.taken"));
    taken();
    go("#/transports");
  }
}

/** Its transports behind those that are there, and of the rest what nobody has set yet. */
function withAdded(imported) {
  const taken = new Set(settings.draft.transports.map(({ id }) => id));
  const free = (id) => {
    let name = id;
    for (let n = 2; taken.has(name); n++) name = `${id}-${n}`;
    taken.add(name);
    return name;
  };
  const values = Object.fromEntries(general.filter((name) => !settings.draft[name] && imported[name]).map((name) => [name, imported[name]]));
  return { ...values, transports: [...settings.draft.transports, ...(imported.transports ?? []).map((transport) => ({ ...transport, id: free(transport.id) }))] };
}

/** What was recognised or left, with the reason where there is one. */
export function foundList(name, items, level) {
  if (!items?.length) return null;
  const words = (item) => (typeof item === "string" ? item : [item.name ?? item.path, item.why ?? item.text].filter(Boolean).join(": "));
  return h("details", { open: level === "warn", class: `import-list ${level}`, dataset: { import: name } }, h("summary", null, t(`import.${name}`, { n: items.length })), h("ul", null, items.map((item) => h("li", { class: "break" }, words(item)))));
}

/** Saves the settings in force as a file, without secrets; import takes it. */
export async function exportSettings() {
  try {
    const { data } = await get("settings/export");
    saveAs("mail-settings.json", `${JSON.stringify(data, null, 2)}\n`, "application/json");
    notice(t("export.done"));
  } catch (error) {
    tellFault(error);
  }
}
