import { call, forgetToken } from "./api.js";
import { alertPlace, openDialog } from "./ui/dialog.js";
import { button, h } from "./dom.js";
import { errorText } from "./format.js";
import { t } from "./i18n.js";

/**
 * Asks for the admin key over the page, as often as it takes. What is typed underneath stays as it is.
 * @returns {Promise<void>} ends when signed in
 */
export function askForSignIn() {
  return new Promise((resolve) => {
    const key = h("input", { id: "sign-in-key", name: "key", type: "password", autocomplete: "current-password", spellcheck: "false", class: "mono", required: true, "aria-describedby": "sign-in-help" });
    const submit = h("button", { type: "submit", class: "primary", dataset: { act: "sign-in" } }, t("signIn.submit"));
    const fault = alertPlace();
    const form = h("form", { novalidate: true },
      h("p", { class: "muted", id: "sign-in-help" }, t("signIn.help")),
      h("p", { class: "muted" }, t("signIn.where"), " ", h("code", null, "<Data>/admin-key.txt"), " ", t("signIn.whereEnd")),
      // For password managers, which file a key under a name.
      h("input", { type: "text", name: "username", value: "mail-admin", autocomplete: "username", hidden: true }),
      h("label", { for: "sign-in-key" }, t("signIn.key")), key, fault.element,
      h("div", { class: "actions" }, submit));
    const dialog = openDialog({ name: "sign-in", title: t("signIn.title"), body: [form], closable: false, onClose: resolve });
    key.focus();

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      fault.say("");
      submit.disabled = true;
      submit.textContent = t("signIn.busy");
      try {
        await call("POST", "session", { body: { key: key.value.trim() }, open: true, anonymous: true });
        forgetToken();
        dialog.close();
      } catch (error) {
        sayWhy(error, fault, form);
        key.focus();
        key.select();
      } finally {
        submit.disabled = false;
        submit.textContent = t("signIn.submit");
      }
    });
  });
}

function sayWhy(error, fault, form) {
  if (error.slug === "host-sign-in") {
    // The host has its own sign-in: a key does not help here.
    form.replaceChildren(h("p", null, t("signIn.host")), h("div", { class: "actions" }, button(t("signIn.again"), () => location.reload(), { act: "reload", kind: "primary" })));
    return;
  }
  fault.say(error.status === 401 ? t("signIn.wrong") : errorText(error));
}
