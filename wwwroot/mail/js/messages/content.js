/* What a message says: HTML, text, headers, source, attachments, from one reading of it, which is written into the audit. */

import { get, path } from "../api.js";
import { button, empty, fill, h } from "../dom.js";
import { bytes } from "../format.js";
import { t } from "../i18n.js";
import { copyButton, saveAs } from "../ui/copy.js";
import { choice } from "../ui/choice.js";
import { mailFrame } from "../ui/mail-frame.js";

const longestSource = 400_000;
let last = { id: null };

/** The parts of a message that have an address: `#/messages/{id}/{part}`. */
export const contentParts = ["html", "text", "headers", "source", "attachments"];

/** Shows one part of a message's content. */
export async function showContent(place, id, part, signal) {
  if (last.id !== id) {
    const { data } = await get(path("messages", id, "content"), { signal, accept: "message/rfc822", timeout: 60_000 });
    last = { id, source: data ?? "", message: readMessage(data ?? "") };
  }
  if (signal.aborted) return;
  const { source, message } = last;
  const nothing = (name) => empty(t(`content.no.${name}`));
  const shown = {
    html: () => (message.html === null ? nothing("html") : htmlPart(message)),
    text: () => (message.text === null ? nothing("text") : textBlock(message.text)),
    headers: () => h("dl", { class: "facts" }, message.headers.map(({ name, value }) => [h("dt", null, name), h("dd", { class: "mono break" }, value)])),
    source: () => sourcePart(source, id),
    attachments: () => attachments(message.parts) ?? nothing("attachments"),
  };
  fill(place, shown[part]());
}

const textBlock = (text) => h("pre", { class: "words tall", tabindex: "0", role: "region", "aria-label": t("content.text") }, text);

function htmlPart(message) {
  const images = new Map(message.parts.filter(({ contentId, type }) => contentId && type.startsWith("image/")).map((part) => [part.contentId, dataAddress(part)]));
  const frame = mailFrame(t("content.html"));
  const look = { phone: false, dark: false };
  const draw = () => frame.show(message.html, { images, ...look });
  const element = h("div", null,
    h("div", { class: "look" },
      choice(t("look.width"), [["wide", t("look.wide")], ["phone", t("look.phone")]], "wide", (value) => { look.phone = value === "phone"; draw(); }),
      choice(t("look.scheme"), [["light", t("look.light")], ["dark", t("look.dark")]], "light", (value) => { look.dark = value === "dark"; draw(); })),
    frame.element);
  draw();
  return element;
}

function sourcePart(source, id) {
  const cut = source.length > longestSource;
  return [
    h("div", { class: "list-acts" }, copyButton(() => source), button(t("download"), () => saveAs(`${id}.eml`, source, "message/rfc822"), { act: "download" })),
    cut && h("p", { class: "hint" }, t("content.cut", { shown: bytes(longestSource), all: bytes(source.length) })),
    textBlock(cut ? source.slice(0, longestSource) : source),
  ];
}

/** Attachments and inline pictures. Saving hands out what was decoded here: nothing of it is ever shown as a page. */
function attachments(parts) {
  const files = parts.filter(({ name, contentId, type }) => name !== null || contentId !== null || !/^text\/(plain|html)$/.test(type));
  if (files.length === 0) return null;
  return h("table", { class: "rows", dataset: { list: "attachments" } },
    h("thead", null, h("tr", null, ["name", "type", "size"].map((name) => h("th", { scope: "col" }, t(`content.${name}`))), h("th", { scope: "col", class: "act" }, h("span", { class: "unseen" }, t("list.act"))))),
    h("tbody", null, files.map((part, index) => h("tr", null,
      h("td", { class: "break" }, part.name ?? part.contentId ?? t("content.unnamed")), h("td", { class: "muted", dataset: { label: t("content.type") } }, part.type), h("td", { dataset: { label: t("content.size") } }, bytes(part.bytes.length)),
      h("td", { class: "act" }, button(t("content.save"), () => saveAs(part.name ?? `part-${index + 1}`, part.bytes, "application/octet-stream"), { act: "save-attachment" }))))));
}

function dataAddress({ type, bytes: content }) {
  let text = "";
  for (let at = 0; at < content.length; at += 8192) text += String.fromCharCode(...content.subarray(at, at + 8192));
  return `data:${type};base64,${btoa(text)}`;
}

/* Takes a message apart that was composed here: 7-bit, every part in base64, quoted-printable or plain ASCII. It is no reader for the mail of others. */

const deepest = 8;

/**
 * @typedef {object} Part
 * @property {string} type such as `text/html`
 * @property {string|null} name of an attachment
 * @property {string|null} contentId
 * @property {Uint8Array} bytes
 */

/**
 * @param {string} source the message as it leaves
 * @returns {{ headers: Array<{ name: string, value: string }>, parts: Part[], text: string|null, html: string|null }}
 */
function readMessage(source) {
  const parts = [];
  collect(source, parts, 0);
  const body = (type) => {
    const found = parts.find((part) => part.type === type && part.name === null);
    return found ? new TextDecoder().decode(found.bytes) : null;
  };
  return { headers: fields(split(source)[0]).map(({ name, value }) => ({ name, value: decodeWords(value) })), parts, text: body("text/plain"), html: body("text/html") };
}

function collect(source, parts, depth) {
  const [header, body] = split(source);
  const all = fields(header);
  const field = (wanted) => all.find(({ name }) => name.toLowerCase() === wanted)?.value ?? "";
  const type = (field("content-type") || "text/plain").split(";")[0].trim().toLowerCase();
  const boundary = parameter(field("content-type"), "boundary");
  if (type.startsWith("multipart/") && boundary && depth < deepest) {
    const pieces = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1);
    for (const piece of pieces) if (!piece.startsWith("--")) collect(piece.replace(/^[ \t]*\r\n/, ""), parts, depth + 1);
    return;
  }
  const disposition = field("content-disposition");
  parts.push({ type, name: parameter(disposition, "filename"), contentId: field("content-id").replace(/^<|>$/g, "") || null, bytes: decode(body, field("content-transfer-encoding").toLowerCase()) });
}

/** Header block and body. */
function split(source) {
  const end = source.indexOf("\r\n\r\n");
  return end < 0 ? [source, ""] : [source.slice(0, end), source.slice(end + 4)];
}

const fields = (header) => header.replace(/\r\n[ \t]+/g, " ").split("\r\n").filter((line) => line.includes(":")).map((line) => ({ name: line.slice(0, line.indexOf(":")), value: line.slice(line.indexOf(":") + 1).trim() }));

/** A parameter of a header field, as RFC 2231 writes it too. */
function parameter(field, name) {
  const extended = new RegExp(`${name}\\*=utf-8''([^;]+)`, "i").exec(field)?.[1];
  if (extended !== undefined) return safeDecode(extended.trim());
  const plain = new RegExp(`${name}=(?:"([^"]*)"|([^;\\s]+))`, "i").exec(field);
  return plain ? plain[1] ?? plain[2] : null;
}

function decode(body, encoding) {
  if (encoding === "base64") return fromBase64(body);
  return encoding === "quoted-printable" ? fromQuotedPrintable(body) : new TextEncoder().encode(body);
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text.replace(/[^A-Za-z0-9+/=]/g, "")), (character) => character.charCodeAt(0));
  } catch {
    return new TextEncoder().encode(text);
  }
}

const fromQuotedPrintable = (text) => Uint8Array.from(text.replace(/=\r\n/g, "").replace(/=([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16))), (character) => character.charCodeAt(0));

/** Encoded words (RFC 2047) in UTF-8, as the composer writes them. */
const decodeWords = (value) => value.replace(/\?=[ \t]+=\?/g, "?==?").replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (whole, kind, text) =>
  new TextDecoder().decode(kind.toLowerCase() === "b" ? fromBase64(text) : fromQuotedPrintable(text.replace(/_/g, " "))));

function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
