/* How long each line of a transcript took. Pure: lines in, stretches of time out. */

const contentEnd = /^\(\d+ bytes of content\)$/;
const finalReply = /^\d{3}(?: |$)/;

/**
 * For each line the stretch of time that it stands for, or null: a command's until its reply was there, that of an event or of a reply
 * nobody asked for since the line before. Commands that went out together are answered in their order (RFC 2920).
 * @param {Array<{ elapsedMs?: number, from?: string, text: string }>} lines
 * @returns {Array<{ from: number, to: number }|null>}
 */
export function waits(lines) {
  const found = lines.map(() => null);
  const asked = [];
  let before = 0;
  let inContent = false;
  lines.forEach(({ elapsedMs: at, from, text }, index) => {
    if (at === undefined) return;
    if (from === "client") {
      if (contentEnd.test(text)) inContent = false;
      else if (!inContent) {
        asked.push(index);
        inContent = text.startsWith("BDAT ");
      }
    } else if (from === "server" && asked.length > 0) {
      if (finalReply.test(text)) found[asked[0]] = { from: lines[asked.shift()].elapsedMs, to: at };
      inContent ||= text.startsWith("354");
    } else found[index] = { from: before, to: at };
    before = at;
  });
  return found;
}

/** The line that took longest, and how long; null where nothing took any time. */
export function longest(lines) {
  const [index, time] = waits(lines).reduce((best, stretch, at) => (stretch && stretch.to - stretch.from > best[1] ? [at, stretch.to - stretch.from] : best), [-1, 0]);
  return index < 0 ? null : { text: lines[index].text, time };
}
