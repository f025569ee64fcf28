// The record that deletes a study. It ends the study's log and stays when the records before it
// are erased, so that no older copy of them brings the study back. A study that is created or
// imported under the same id begins a chain of its own after it.

import { createHash } from "node:crypto";
import type { StudyEvent } from "../../core/state/event.js";
import { recordShape } from "./record-schema.js";

/** A record that deletes a study. */
export interface Tombstone {
  readonly body: Uint8Array;
  /** SHA-256 of the record in hexadecimal digits. */
  readonly digest: string;
  /** Wall time of the deletion in milliseconds since 1970. */
  readonly at: number;
}

const DELETION = { type: "study-deleted" } as const satisfies StudyEvent;

/** The end of the events of a tombstone. No text within a record contains its quotation marks. */
const ENDING = `${JSON.stringify(DELETION)}],"sequence":`;

/** Number of bytes at the end of a tombstone that contain ENDING. */
const END_BYTES = 256;

/** Tells whether events delete their study: nothing follows the deletion. */
export function deletesStudy(events: readonly { readonly type: string }[]): boolean {
  return events.at(-1)?.type === DELETION.type;
}

/** Returns a record as a tombstone; undefined if it does not delete the study. */
export function tombstoneOf(studyId: string, body: Uint8Array): Tombstone | undefined {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!text.subarray(-END_BYTES).includes(ENDING)) return undefined;
  try {
    const { data } = recordShape.safeParse(JSON.parse(text.toString("utf8")));
    if (data?.studyId !== studyId || !deletesStudy(data.events)) return undefined;
    return { body, digest: createHash("sha256").update(body).digest("hex"), at: data.at };
  } catch {
    return undefined;
  }
}
