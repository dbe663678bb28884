/* The ways mail can leave: for each mode what a new transport starts with, its groups of fields (those of smtp are many and come with its form), and how a card names it.
   A mode that is not offered yet is still shown where the settings have one. */

/** The modes that "Add transport" offers. */
export const offered = ["smtp", "sendmail", "php", "qmail", "capture"];

const timeout = (mode) => ({ name: `${mode}.timeoutSeconds`, kind: "number", size: "short" });
const path = (mode, placeholder) => ({ name: `${mode}.path`, mono: true, required: true, placeholder, size: "wide" });

/** By mode: `fresh` settings, `groups` of fields, `where` it leads. */
export const modes = {
  smtp: {
    fresh: () => ({ host: "", port: 587, security: "auto", minimumTls: "1.2", auth: "auto", username: null, allowPlaintextAuth: false, certificate: { trust: "system", sha256: null, caPem: null } }),
    where: (smtp) => (smtp?.host ? `${smtp.host.includes(":") ? `[${smtp.host}]` : smtp.host}:${smtp.port}` : ""),
  },
  php: {
    fresh: () => ({ path: "/usr/bin/php", iniFile: null }),
    groups: (form) => [form.group("program", [path("php", "/usr/bin/php"), { name: "php.iniFile", mono: true, optional: true, size: "wide", placeholder: "/etc/php/php.ini" }])],
    where: (php) => php?.path ?? "",
  },
  sendmail: {
    fresh: () => ({ path: "/usr/sbin/sendmail", style: "pipe", timeoutSeconds: 60 }),
    groups: (form) => [form.group("program", [path("sendmail", "/usr/sbin/sendmail"), { name: "sendmail.style", kind: "select", options: ["pipe", "smtp"] }, timeout("sendmail")])],
    where: (sendmail) => sendmail?.path ?? "",
  },
  qmail: {
    fresh: () => ({ path: "/var/qmail/bin/sendmail" }),
    groups: (form) => [form.group("program", [path("qmail", "/var/qmail/bin/sendmail")])],
    where: (qmail) => qmail?.path ?? "",
  },
  capture: {
    fresh: () => ({ allowRecipients: [], redirectTo: null }),
    groups: (form) => [form.group("capture", [
      { name: "capture.redirectTo", type: "email", mono: true, optional: true, size: "wide" },
      { name: "capture.allowRecipients", kind: "list", optional: true, size: "wide" },
    ])],
    where: () => "",
  },
};
