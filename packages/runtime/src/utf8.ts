/** A text, or the number of the first line that is not UTF-8, from 1. */
export type DecodedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly line: number };

const LINE_FEED = 0x0a;

/**
 * Decodes UTF-8 strictly: no byte is replaced. Drops a byte order mark. Line breaks are never part
 * of a character, so each line can be judged alone.
 */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const text = decoded(bytes);
  return text === undefined ? { ok: false, line: firstWrongLine(bytes) } : { ok: true, text };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstWrongLine(bytes: Uint8Array): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    if (decoded(bytes.subarray(start, end)) === undefined) return line;
    start = end + 1;
    line += 1;
  }
  return line;
}
