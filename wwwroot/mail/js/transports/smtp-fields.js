/* The form of mode smtp: which fields, when each matters, and how port and security follow one another. */

import { button, h } from "../dom.js";
import { redraw } from "../settings/form.js";
import { t } from "../i18n.js";
import { settings } from "../settings/settings.js";
import { methodField, tokenGroup } from "../oauth/fields.js";

const passwordless = new Set(["none"]);
const strength = { none: 0, startTlsIfOffered: 1, auto: 2, startTls: 2, implicitTls: 2 };
const follows = { implicitTls: { from: [25, 587, 2525, null], to: 465 }, startTls: { from: [465, null], to: 587 }, startTlsIfOffered: { from: [465, null], to: 25 }, none: { from: [465, null], to: 25 }, auto: { from: [null], to: 587 } };

/**
 * @param {ReturnType<import("../settings/form.js").createForm>} form over one transport
 * @param {() => Element} root where the fields are
 * @param {AbortSignal} drawing
 * @returns {HTMLElement[]}
 */
export function smtpGroups(form, root, drawing) {
  const value = (name) => form.read(`smtp.${name}`);
  const signsIn = () => !passwordless.has(value("auth"));
  const byPassword = () => signsIn() && !value("oauth");
  const known = () => settings.base.transports.find((transport) => transport.id === form.read("id"))?.smtp;
  const viaProxy = () => Boolean(value("proxy.type"));
  const moved = () => secretMoved(known(), form.read("smtp"));

  return [
    form.group("server", [
      { name: "smtp.host", required: true, mono: true, size: "wide", placeholder: "smtp.example.com" },
      { name: "smtp.security", kind: "select", options: ["auto", "implicitTls", "startTls", "startTlsIfOffered", "none"], changed: (security) => followPort(form, root(), security) },
      { name: "smtp.port", kind: "number", required: true, size: "short", extra: () => portHint(value("port"), value("security")) },
    ]),
    form.group("signIn", [
      methodField(root, ["auto", "none", "plain", "login", "cramMd5", "scramSha1", "scramSha256", "ntlm"]),
      { name: "smtp.username", mono: true, optional: true, size: "wide", when: () => signsIn() && (!value("oauth") || (value("username") ?? null) !== null), extra: () => offerFrom(form, root()) },
      { name: "smtp.password", kind: "secret", stored: "smtp.hasPassword", when: byPassword, wanted: moved, extra: () => moved() && hint(t("hint.passwordMoved", { host: `${known().host}:${known().port}` })) },
      { name: "smtp.allowPlaintextAuth", kind: "switch", when: () => byPassword() && strength[value("security")] < 2 },
    ]),
    tokenGroup(form, root, relayMoved, drawing),
    form.group("certificate", [
      { name: "smtp.certificate.trust", kind: "select", options: ["system", "pinned", "customCa"], when: () => value("security") !== "none" },
      { name: "smtp.certificate.sha256", mono: true, size: "wide", when: () => value("certificate.trust") === "pinned" },
      { name: "smtp.certificate.caPem", kind: "area", size: "wide", placeholder: "-----BEGIN CERTIFICATE-----", when: () => value("certificate.trust") === "customCa" },
      { name: "smtp.certificate.clientCertificate", kind: "area", size: "wide", optional: true, placeholder: "-----BEGIN CERTIFICATE-----", when: () => value("security") !== "none" },
      { name: "smtp.certificate.clientKey", kind: "secret", area: true, stored: "smtp.certificate.hasClientKey", placeholder: "-----BEGIN PRIVATE KEY-----", when: () => value("security") !== "none" && (value("certificate.clientCertificate") || value("certificate.hasClientKey")) },
      { name: "smtp.minimumTls", kind: "select", options: ["1.2", "1.3"], when: () => value("security") !== "none" },
    ], { folded: true }),
    form.group("proxy", [
      { name: "smtp.proxy.type", kind: "select", options: ["", "socks5", "http"], changed: (type) => { if (!type) form.write("smtp.proxy", null); } },
      { name: "smtp.proxy.host", mono: true, required: true, placeholder: "proxy.example.com", when: viaProxy },
      { name: "smtp.proxy.port", kind: "number", required: true, size: "short", when: viaProxy },
      { name: "smtp.proxy.username", mono: true, optional: true, when: viaProxy },
      { name: "smtp.proxy.password", kind: "secret", stored: "smtp.proxy.hasPassword", when: viaProxy },
    ], { folded: true }),
    form.group("limits", [
      { name: "smtp.ehloName", mono: true, optional: true, size: "wide", placeholder: "mail.example.com" },
      { name: "smtp.localAddress", mono: true, optional: true },
      { name: "smtp.timeoutSeconds", kind: "number", size: "short" },
      { name: "smtp.finalReplyTimeoutSeconds", kind: "number", size: "short" },
      { name: "smtp.maxSessions", kind: "number", size: "short" },
      { name: "smtp.messagesPerSession", kind: "number", size: "short" },
      { name: "smtp.maxRecipients", kind: "number", size: "short" },
      { name: "smtp.ratePerMinute", kind: "number", optional: true, size: "short" },
    ], { folded: true }),
  ];
}

const secretMoved = (before, now) => Boolean(before?.hasPassword) && relayMoved(before, now);

/** A secret is kept for the server it was saved with: anything else of it that changes asks for it anew. */
function relayMoved(before, now) {
  const fixed = ["host", "port", "username", "certificate", "proxy"];
  return fixed.some((name) => JSON.stringify(before[name] || null) !== JSON.stringify(now[name] || null)) || strength[now.security] < strength[before.security];
}

/** Encryption is chosen once; a port that belongs to another choice follows it. */
function followPort(form, root, security) {
  const rule = follows[security];
  if (!rule?.from.includes(form.read("smtp.port")) || settings.lockOf(form.pathOf("smtp.port"))) return;
  form.write("smtp.port", rule.to);
  redraw(root, "smtp.port");
}

function portHint(port, security) {
  if (port === 465 && ["startTls", "startTlsIfOffered", "none"].includes(security)) return hint(t("hint.465"));
  if (security === "implicitTls" && [25, 587].includes(port)) return hint(t("hint.implicit", { port }));
  if (port === 25) return hint(t("hint.25"));
  return null;
}

/** The user name is mostly the From address: one press takes it. */
function offerFrom(form, root) {
  const from = form.read("from")?.address || settings.read("from")?.address;
  const username = form.read("smtp.username");
  if (!from || username === from || settings.lockOf(form.pathOf("smtp.username"))) return null;
  if (username) return null;
  return button(t("offer.username", { address: from }), () => {
    form.write("smtp.username", from);
    redraw(root, "smtp.username");
    form.refresh();
    form.find(form.pathOf("smtp.username")).focus();
  }, { act: "use-from-as-username", kind: "quiet" });
}

const hint = (text) => h("p", { class: "hint" }, text);
