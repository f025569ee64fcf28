// The segments in which the output of one attempt is stored. A segment grows at its end only, and
// a whole segment is deleted once no kept byte is in it.
//
//   offset  0         64 KiB            end - 192 KiB         end
//           |  oldest  |     missing     |       newest        |
//
// A segment lies on one side of the end of the oldest part. A part that does not follow the newest
// segment begins another one: the bytes between both are missing.

import { endOf, newestStart, OUTPUT_OLDEST_BYTES, type OutputPart } from "@sintonia/protocol/output";

/** A stored part of an output. */
export interface Segment {
  /** Offset of the segment in the output. */
  readonly start: number;
  /** Offset behind its last byte. */
  readonly end: number;
}

/** Bytes to append to the segment with this start, which may be new. */
export interface SegmentWrite {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** The changes of an appended part. */
export interface SegmentChange {
  readonly writes: readonly SegmentWrite[];
  /** Starts of the segments to delete after the writes. */
  readonly deleted: readonly number[];
  /** Offset behind the newest byte that has arrived. */
  readonly endOffset: number;
}

/** Size in bytes from which a segment grows no further: the newest part needs three or four. */
const SEGMENT_BYTES = 64 * 1024;

/** Limit of the segments of an attempt. Only an output with many gaps reaches it. */
const SEGMENTS_MAX = 12;

/**
 * Decides how a part is appended. Bytes before the end of the newest segment have been appended
 * before and are skipped.
 *
 * @param segments - the stored segments, ordered by their starts
 */
export function appended(segments: readonly Segment[], part: OutputPart): SegmentChange {
  const end = segments.at(-1)?.end ?? 0;
  const fresh = part.bytes.subarray(Math.max(0, end - part.offset));
  if (fresh.length === 0) return { writes: [], deleted: [], endOffset: end };
  const grown = [...segments];
  const writes = piecesOf({ offset: Math.max(part.offset, end), bytes: fresh }).map((piece) => grow(grown, piece));
  return { writes, deleted: unkept(grown), endOffset: endOf(part) };
}

/**
 * Returns the kept bytes of a segment from an offset on; undefined if there are none.
 *
 * @param endOffset - end of the newest segment of the output
 */
export function keptBytes(stored: OutputPart, endOffset: number, from: number): OutputPart | undefined {
  const isOldest = stored.offset < OUTPUT_OLDEST_BYTES;
  const first = Math.max(from, isOldest ? 0 : newestStart(endOffset));
  const bytes = stored.bytes.subarray(Math.max(0, first - stored.offset));
  return bytes.length === 0 ? undefined : { offset: Math.max(stored.offset, first), bytes };
}

/** Cuts a part at the end of the oldest part. */
function piecesOf(part: OutputPart): OutputPart[] {
  const { offset, bytes } = part;
  const room = OUTPUT_OLDEST_BYTES - offset;
  if (room <= 0 || bytes.length <= room) return [part];
  return [
    { offset, bytes: bytes.subarray(0, room) },
    { offset: OUTPUT_OLDEST_BYTES, bytes: bytes.subarray(room) },
  ];
}

/** Appends a piece to the newest segment, or begins one. */
function grow(segments: Segment[], piece: OutputPart): SegmentWrite {
  const newest = segments.at(-1);
  const continued = newest !== undefined && continues(newest, piece);
  const start = continued ? newest.start : piece.offset;
  segments.splice(continued ? -1 : segments.length, 1, { start, end: endOf(piece) });
  return { start, bytes: piece.bytes };
}

function continues({ start, end }: Segment, { offset }: OutputPart): boolean {
  return offset === end && end - start < SEGMENT_BYTES && offset !== OUTPUT_OLDEST_BYTES;
}

/** Returns the starts of the segments without a kept byte, and of the oldest beyond the limit. */
function unkept(segments: readonly Segment[]): number[] {
  const first = newestStart(segments.at(-1)?.end ?? 0);
  const isKept = ({ start, end }: Segment): boolean => start < OUTPUT_OLDEST_BYTES || end > first;
  const kept = segments.filter(isKept);
  // The first segment stays: the beginning of an output says most about its fault.
  const excess = kept.slice(1, 1 + Math.max(0, kept.length - SEGMENTS_MAX));
  return [...segments.filter((segment) => !isKept(segment)), ...excess].map(({ start }) => start);
}
