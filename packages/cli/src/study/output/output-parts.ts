import type { OutputPiece } from "./read-output.js";

/** The kept parts of the output of an attempt. */
export interface OutputParts {
  readonly attempt: number;
  /** Parts without a gap in them. */
  readonly parts: readonly { readonly offset: number; readonly bytes: Buffer }[];
  /** Number of bytes that the attempt has written. */
  readonly writtenBytes: number;
  /** Number of bytes among them that are not kept. */
  readonly missingBytes: number;
}

/** Collects the pieces of an output. */
export async function collectOutput(pieces: AsyncIterable<OutputPiece>): Promise<OutputParts> {
  const parts: { offset: number; chunks: Uint8Array[] }[] = [];
  let [attempt, writtenBytes, missingBytes] = [0, 0, 0];
  for await (const piece of pieces) {
    const { offset, bytes } = piece;
    if (parts.length === 0 || piece.missingBytes > 0) parts.push({ offset, chunks: [] });
    parts.at(-1)?.chunks.push(bytes);
    attempt = piece.attempt;
    writtenBytes = offset + bytes.length;
    missingBytes += piece.missingBytes;
  }
  const joined = parts.map(({ offset, chunks }) => ({ offset, bytes: Buffer.concat(chunks) }));
  return { attempt, parts: joined.filter(({ bytes }) => bytes.length > 0), writtenBytes, missingBytes };
}
