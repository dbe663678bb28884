const sentence = /^line (\d+), column (\d+): ([\s\S]*)$/;

/**
 * Where a template is wrong, as a refusal of the server says: the first fault in the reader's language, the others by their place.
 * @param {object} error an ApiError of `invalid-template`
 * @returns {Array<{ part: string|null, line: number|null, column: number|null, message: string }>}
 */
export function faultsOf(error) {
  const { problem } = error;
  const found = Object.entries(error.errors).flatMap(([path, texts]) => [texts].flat().map((text) => {
    const [, line, column, message] = sentence.exec(text) ?? [];
    return { part: path.replace(/^draft\./, ""), line: line ? Number(line) : null, column: column ? Number(column) : null, message: message ?? text };
  }));
  if (!problem.message) return found;
  const first = { part: problem.part ?? null, line: problem.line ?? null, column: problem.column ?? null, message: problem.message };
  return [first, ...found.filter((other) => other.part !== first.part || other.line !== first.line || other.column !== first.column)];
}
