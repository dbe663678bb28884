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
export function readMessage(source) {
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
