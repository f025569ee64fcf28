import type { SnapshotStore } from "../../shell/snapshot/snapshot-store.js";

/** A SnapshotStore in memory. */
export class MemorySnapshotStore implements SnapshotStore {
  /** The bytes of each snapshot. */
  readonly snapshots = new Map<string, Buffer>();

  async write(studyId: string, chunks: Iterable<Uint8Array>): Promise<void> {
    this.snapshots.set(studyId, Buffer.concat([...chunks]));
  }

  async *read(studyId: string): AsyncIterable<Uint8Array> {
    const text = this.snapshots.get(studyId)?.toString() ?? "";
    for (const line of text.split("\n")) if (line !== "") yield Buffer.from(line);
  }

  async delete(studyId: string): Promise<void> {
    this.snapshots.delete(studyId);
  }
}
