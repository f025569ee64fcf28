/**
 * The newest snapshot of each study. A snapshot only shortens a start: the log has everything. Who
 * reads one checks it, since it may be torn, outdated, or of another study.
 */
export interface SnapshotStore {
  /**
   * Replaces the snapshot of a study. The former one stays until the new one is durable.
   *
   * @param chunks - the bytes; computed while they are written
   * @throws {StoreUnavailableError}
   */
  write(studyId: string, chunks: Iterable<Uint8Array>): Promise<void>;
  /**
   * Reads the lines of a study's snapshot; none if it has no snapshot.
   *
   * @throws {StoreUnavailableError}
   */
  read(studyId: string): AsyncIterable<Uint8Array>;
  /**
   * Deletes the snapshot of a study. Does nothing if there is none.
   *
   * @throws {StoreUnavailableError}
   */
  delete(studyId: string): Promise<void>;
}
