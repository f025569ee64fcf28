/** Longer lines are cut off there: no message needs more, and a stream without line breaks must not fill the memory. */
const LINE_CHARACTERS_MAX = 1_048_576;

/** The lines of a stream of UTF-8, without their line breaks; an unfinished last one too, if it is not empty. */
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
