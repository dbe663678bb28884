/**
 * Reads an answer line by line, as it arrives.
 * @param {ReadableStream<Uint8Array>} body
 * @param {(line: string) => void} onLine
 * @param {() => void} heard is called with each piece that comes
 * @returns {Promise<string>} empty: every line was handed on
 */
export async function readLines(body, onLine, heard) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    heard();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split(/\r?\n/);
    rest = done ? "" : lines.pop();
    for (const line of lines) onLine(line);
    if (done) return "";
  }
}
