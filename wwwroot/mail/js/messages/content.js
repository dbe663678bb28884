/* What a message says: HTML, text, headers, source, attachments, from one reading of it, which is written into the audit. */

import { get, path } from "../api.js";
import { button, fill, h } from "../dom.js";
import { bytes } from "../format.js";
import { t } from "../i18n.js";
import { copyButton, saveAs } from "../ui/copy.js";
import { choice } from "../ui/choice.js";
import { mailFrame } from "../ui/mail-frame.js";
import { readMessage } from "./mime.js";

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
  const nothing = (name) => h("div", { class: "empty" }, h("p", null, t(`content.no.${name}`)));
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
