/**
 * Longest line in characters; the rest of a longer line is dropped. It bounds the memory that a
 * line can take.
 */
const LINE_CHARACTERS_MAX = 1_048_576;

/**
 * Yields the lines of a UTF-8 stream without line breaks, including a last line that no line break
 * ends.
 */
export async function* readLines(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const text = rest + (typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const lines = text.split("\n");
    rest = (lines.pop() ?? "").slice(0, LINE_CHARACTERS_MAX);
    yield* lines.map((line) => line.slice(0, LINE_CHARACTERS_MAX).replace(/\r$/, ""));
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
