/* Renames in HTML what a browser would try, and by the page's policy refuse with a complaint, while it only reads it. */

const named = /[^\s"'>/=]+/y;

/**
 * Takes style elements out, makes `base` an element that is none, and `style` and event attributes `data-style` and so on. One pass; what it misses is not run either.
 * @param {string} html
 * @returns {{ html: string, styles: string }}
 */
export function makeInert(html) {
  const styles = [];
  const rest = html.replace(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, text) => {
    styles.push(text);
    return "";
  }).replace(/<(?=base\b)/gi, "<x-");
  const found = [];
  let from = 0;
  for (let at = rest.indexOf("<"); at >= 0; at = rest.indexOf("<", at + 1)) {
    if (!/[a-z]/i.test(rest[at + 1] ?? "")) continue;
    found.push(rest.slice(from, at));
    from = at;
    const { text, end } = tag(rest, at);
    found.push(text);
    from = at = end;
  }
  found.push(rest.slice(from));
  return { html: found.join(""), styles: styles.join("\n") };
}

/** One tag with its attributes renamed, and where it ends. */
function tag(html, start) {
  const found = [];
  let at = start + 1;
  let from = start;
  while (at < html.length && html[at] !== ">") {
    const sign = html[at];
    if (sign === "=") at = afterValue(html, at + 1);
    else if (/[\s/"']/.test(sign)) at += 1;
    else {
      named.lastIndex = at;
      const [name] = named.exec(html);
      if (at > start + 1 && /^(style|on\w+)$/i.test(name)) {
        found.push(html.slice(from, at), "data-", name);
        from = at + name.length;
      }
      at += name.length;
    }
  }
  return { text: found.join("") + html.slice(from, at), end: at };
}

/** Behind the value of an attribute, quoted or not. */
function afterValue(html, at) {
  while (/\s/.test(html[at] ?? "")) at += 1;
  const quote = html[at];
  if (quote === '"' || quote === "'") {
    const end = html.indexOf(quote, at + 1);
    return end < 0 ? html.length : end + 1;
  }
  while (at < html.length && !/[\s>]/.test(html[at])) at += 1;
  return at;
}
