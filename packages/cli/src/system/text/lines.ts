import { decodeUtf8 } from "@sintonia/runtime/utf8";

/** Length in bytes from which a line is refused. It bounds the memory that a line can take. */
export const LINE_BYTES_MAX = 1_048_576;

const LINE_FEED = 0x0a;

/** A line, or the reason why it has no text. */
export type Line =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: "not-utf8" | "too-long" };

/**
 * Yields the lines of a UTF-8 stream without line breaks, including a last line that no line break
 * ends.
 */
export async function* readLines(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<Line> {
  let rest: Uint8Array[] = [];
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield lineOf([...rest, bytes.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    rest = bounded(rest, bytes.subarray(start));
  }
  if (rest.length > 0) yield lineOf(rest);
}

/** Adds a part to an incomplete line, up to the limit. */
function bounded(parts: readonly Uint8Array[], part: Uint8Array): Uint8Array[] {
  const room = LINE_BYTES_MAX - parts.reduce((sum, { length }) => sum + length, 0);
  const taken = part.subarray(0, Math.max(0, room));
  return taken.length === 0 ? [...parts] : [...parts, taken];
}

function lineOf(parts: readonly Uint8Array[]): Line {
  const bytes = Buffer.concat(parts);
  if (bytes.length >= LINE_BYTES_MAX) return { ok: false, fault: "too-long" };
  const decoded = decodeUtf8(bytes);
  return decoded.ok ? { ok: true, text: decoded.text.replace(/\r$/, "") } : { ok: false, fault: "not-utf8" };
}
