import { createHash } from "node:crypto";
import type { CopyEnd, LogCopies } from "../../shell/log-copy/log-copies.js";

/** LogCopies in memory. */
export class MemoryLogCopies implements LogCopies {
  /** The bodies of each copy. */
  readonly copies = new Map<string, Uint8Array[]>();

  async studies(): Promise<readonly string[]> {
    return [...this.copies.keys()];
  }

  async end(studyId: string): Promise<CopyEnd | undefined> {
    const bodies = this.copies.get(studyId) ?? [];
    const last = bodies.at(-1);
    return last && { sequence: bodies.length, digest: createHash("sha256").update(last).digest("hex") };
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    yield* this.copies.get(studyId) ?? [];
  }

  add(studyId: string, body: Uint8Array): void {
    this.copies.set(studyId, [...(this.copies.get(studyId) ?? []), body]);
  }

  async room(): Promise<void> {}

  async setAside(studyId: string): Promise<string> {
    const bodies = this.copies.get(studyId) ?? [];
    this.copies.delete(studyId);
    return `${bodies.length} records in memory`;
  }
}
