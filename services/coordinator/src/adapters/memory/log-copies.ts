import { createHash } from "node:crypto";
import type { CopyEnd, LogCopies } from "../../shell/log-copy/log-copies.js";
import { tombstoneOf } from "../../shell/study/tombstone.js";

/** LogCopies in memory. */
export class MemoryLogCopies implements LogCopies {
  /** The bodies of each copy. */
  readonly copies = new Map<string, Uint8Array[]>();

  async studies(): Promise<readonly string[]> {
    return [...this.copies.keys()];
  }

  async end(studyId: string): Promise<CopyEnd | undefined> {
    const bodies = this.copies.get(studyId) ?? [];
    if (bodies.length === 0) return undefined;
    const deletion = bodies.findLastIndex((body) => tombstoneOf(studyId, body) !== undefined);
    const tombstone = deletion < 0 ? undefined : tombstoneOf(studyId, bodies[deletion] as Uint8Array);
    const records = bodies.slice(deletion + 1);
    const last = records.at(-1);
    const digest = last === undefined ? "" : createHash("sha256").update(last).digest("hex");
    return {
      sequence: last === undefined ? 0 : sequenceOf(last),
      digest,
      ...(tombstone && { tombstone: { ...tombstone, isFirst: deletion === 0 } }),
    };
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    yield* this.copies.get(studyId) ?? [];
  }

  add(studyId: string, body: Uint8Array): void {
    this.copies.set(studyId, [...(this.copies.get(studyId) ?? []), body]);
  }

  async room(): Promise<void> {}

  async replace(studyId: string, bodies: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const replaced: Uint8Array[] = [];
    for await (const body of bodies) replaced.push(body);
    this.copies.set(studyId, replaced);
  }

  async setAside(studyId: string): Promise<string> {
    const bodies = this.copies.get(studyId) ?? [];
    this.copies.delete(studyId);
    return `${bodies.length} records in memory`;
  }
}

/** Returns the place of a record in its log, as the copy in files has it; 1 if damaged. */
function sequenceOf(body: Uint8Array): number {
  try {
    const { sequence } = JSON.parse(new TextDecoder().decode(body));
    return Number.isSafeInteger(sequence) ? sequence : 1;
  } catch {
    return 1;
  }
}
