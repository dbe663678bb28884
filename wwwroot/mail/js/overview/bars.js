const space = "http://www.w3.org/2000/svg";
const height = 32;
const least = 3;

function part(tag, attributes, ...children) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * A row of bars, as wide as its place. What is not zero is never too small to be seen.
 * @param {Array<{ value: number, text: string }>} items `text` is shown at the pointer
 * @param {number} highest the value of a full bar
 * @param {string} label what a screen reader says of the whole
 */
export function bars(items, highest, label) {
  const drawing = part("svg", { class: "bars", viewBox: `0 0 ${items.length * 10} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": label });
  items.forEach(({ value, text }, index) => {
    const tall = value === 0 ? 0 : Math.max(least, (value / highest) * height);
    const name = part("title", {});
    name.textContent = text;
    drawing.append(part("g", {}, name,
      part("rect", { class: "bar-place", x: index * 10, y: 0, width: 10, height }),
      part("rect", { class: value === 0 ? "bar-none" : "bar-value", x: index * 10 + 1, y: value === 0 ? height - 1 : height - tall, width: 8, height: value === 0 ? 1 : tall })));
  });
  return drawing;
}
