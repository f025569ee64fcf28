// The studies that persons have deleted. The tombstone in the log of each is the deletion; what
// else is stored of the study is erased afterwards, and again after each start.

import type { Study } from "../../core/state/study.js";
import type { DeletedStudy } from "../studies.js";

/**
 * Erases what is stored of a deleted study.
 *
 * @param study - the study before its deletion; undefined if its log could not be read, or in a
 *   later process
 * @throws {StoreUnavailableError} a repeat is safe
 */
export type EraseStudy = (deleted: DeletedStudy, study: Study | undefined) => Promise<void>;

/** A deleted study with the state of its erasure. */
interface Entry {
  readonly deleted: DeletedStudy;
  readonly study: Study | undefined;
  /** Undefined before the erasure and after a failed one. */
  erasure: Promise<void> | undefined;
}

/** The deleted studies of a coordinator process, by id. */
export class Deletions {
  readonly #erase: EraseStudy;
  readonly #entries = new Map<string, Entry>();

  constructor(erase: EraseStudy) {
    this.#erase = erase;
  }

  /** Notes that a study is deleted. */
  add(deleted: DeletedStudy, study?: Study): void {
    this.#entries.set(deleted.studyId, { deleted, study, erasure: undefined });
  }

  /** Finds a deleted study. */
  get(studyId: string): DeletedStudy | undefined {
    return this.#entries.get(studyId)?.deleted;
  }

  /** Returns the ids of the deleted studies. */
  ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Forgets a deletion: another study has this id. */
  forget(studyId: string): void {
    this.#entries.delete(studyId);
  }

  /**
   * Erases a deleted study, once for all callers.
   *
   * @throws {StoreUnavailableError} the next call tries again
   */
  async erased(studyId: string): Promise<void> {
    const entry = this.#entries.get(studyId);
    if (entry === undefined) return;
    entry.erasure ??= this.#erase(entry.deleted, entry.study).catch((error: unknown) => {
      entry.erasure = undefined;
      throw error;
    });
    await entry.erasure;
  }
}
