import { decodeUtf8 } from "@sintonia/runtime/utf8";

/**
 * Longest line in bytes; the rest of a longer line is dropped. It bounds the memory that a line can
 * take.
 */
const LINE_BYTES_MAX = 1_048_576;

const LINE_FEED = 0x0a;

/** A line, or the news that its bytes are not UTF-8. */
export type Line = { readonly ok: true; readonly text: string } | { readonly ok: false };

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
  const bytes = Buffer.concat(parts).subarray(0, LINE_BYTES_MAX);
  // A cut may leave a part of a character, so a line at the limit is decoded leniently.
  if (bytes.length === LINE_BYTES_MAX) return { ok: true, text: bytes.toString("utf8") };
  const decoded = decodeUtf8(bytes);
  return decoded.ok ? { ok: true, text: decoded.text.replace(/\r$/, "") } : { ok: false };
}
