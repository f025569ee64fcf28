import type { LeaderRecord, StoredLeader } from "../core/leadership/leadership.js";

/** The result of a write. */
export type LeadershipWrite =
  | { readonly kind: "written"; readonly revision: number }
  /** The store holds another record than the one of `after`. Nothing was stored. */
  | { readonly kind: "conflict" };

/**
 * The record of the coordinator that leads. Of two writes with the same `after`, the store takes at
 * most one. All coordinators of an installation share the store.
 */
export interface LeadershipStore {
  /**
   * Returns the record, read after the start of the call; undefined if there is none.
   *
   * @throws {StoreUnavailableError}
   */
  read(): Promise<StoredLeader | undefined>;
  /**
   * Writes a record in place of the one of revision `after`, which is 0 if there is none.
   *
   * @throws {StoreUnavailableError} whether the record is stored is then unknown
   */
  write(record: LeaderRecord, after: number): Promise<LeadershipWrite>;
}
