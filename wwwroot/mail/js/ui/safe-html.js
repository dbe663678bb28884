/* HTML of a mail, made anew from elements and attributes that can do nothing: no script, no form, no address that is followed or fetched.
   The frame it goes into is sandboxed and under the page's policy besides; either alone would hold. */

import { makeInert } from "./inert-html.js";

const kept = new Set(("a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer "
  + "h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr").split(" "));
const gone = new Set("script style noscript template iframe frame frameset object embed applet svg math video audio canvas textarea select option button input title".split(" "));
const plain = new Set(("align alt bgcolor border cellpadding cellspacing class color colspan dir face height hspace id lang nowrap role rowspan size span start title type valign vspace width").split(" "));
const picture = /^data:image\/(png|gif|jpeg|webp|bmp|svg\+xml)[;,]/i;
const remote = /url\(\s*(['"]?)(?!\1\s*data:image\/)[^)]*\)/gi;

/**
 * Reads a mail's HTML.
 * @param {string} html
 * @returns {{ build: (target: Document, images: Map<string, string>) => { nodes: Node[], left: number }, styles: string, body: Element, lang: string }} `build` makes its content for a document; `left` counts pictures that would have to be fetched
 */
export function readHtml(html) {
  const inert = makeInert(html);
  const source = new DOMParser().parseFromString(inert.html, "text/html");
  const styles = inert.styles.replace(remote, "none");
  const build = (target, images) => {
    const state = { target, images, left: 0 };
    return { nodes: [...source.body.childNodes].flatMap((node) => copy(node, state)), left: state.left };
  };
  return { build, styles, body: source.body, lang: source.documentElement.lang };
}

function copy(node, state) {
  if (node.nodeType === Node.TEXT_NODE) return [state.target.createTextNode(node.nodeValue)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const tag = node.localName;
  if (gone.has(tag)) return [];
  const inner = [...node.childNodes].flatMap((child) => copy(child, state));
  if (!kept.has(tag)) return inner;
  const element = state.target.createElement(tag);
  copyAttributes(node, element);
  if (tag === "img") showPicture(node, element, state);
  // A link says where it leads and leads nowhere.
  if (tag === "a" && node.hasAttribute("href")) {
    element.title = node.getAttribute("href");
    element.style.textDecoration ||= "underline";
  }
  element.append(...inner);
  return [element];
}

/** What an element says of itself, its style through the object model, which the page's policy allows. */
export function copyAttributes(from, to) {
  for (const { name, value } of from.attributes) if (plain.has(name) || name.startsWith("aria-")) to.setAttribute(name, value);
  const style = from.getAttribute("data-style");
  if (style) to.style.cssText = style.replace(remote, "none");
}

function showPicture(node, element, state) {
  const address = (node.getAttribute("src") ?? "").trim();
  const known = address.toLowerCase().startsWith("cid:") ? state.images.get(safeDecode(address.slice(4))) : picture.test(address) ? address : undefined;
  if (known !== undefined) element.src = known;
  else state.left += 1;
}

function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
