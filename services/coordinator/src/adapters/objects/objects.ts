import type { ArtifactKey } from "../../ports/artifact-store.js";
import { StoreUnavailableError } from "../../ports/study-log.js";

/** A store refuses every call until a person mends its settings: a repeat does not help. */
export class StoreRefusedError extends StoreUnavailableError {}

/** The identity of an object's bytes, and what the store keeps with them. */
export interface NewObject extends ArtifactKey {
  /** Letters, digits, "-", "_" and "/". */
  readonly label?: string | undefined;
}

/** What a store knows of an object. */
export interface StoredObject {
  readonly sizeBytes: number;
  /** Time of the last put or touch in the store's clock, in milliseconds since 1970. */
  readonly storedAt: number;
  readonly label: string | undefined;
}

/**
 * A store of objects under names, which several processes share. A name is `<folder>/<name>`. An
 * object is visible as a whole or not at all. Every call throws StoreUnavailableError if the store
 * is full or does not answer, and StoreRefusedError if it refuses this installation.
 */
export interface Objects {
  /** The store for a person: "bucket sintonia at minio:9000". */
  readonly place: string;
  /**
   * Stores an object durably and replaces a former one. Leaves everything as it was if the chunks
   * fail, and passes on their error.
   *
   * @param chunks - exactly the bytes that `object` names
   */
  put(name: string, chunks: AsyncIterable<Uint8Array>, object: NewObject): Promise<void>;
  /**
   * Reads an object. Neither its size nor its checksum is checked.
   *
   * @throws {ArtifactMissingError} if it is not stored
   * @throws {ArtifactMismatchError} if the store has lost a part of it
   */
  open(name: string): AsyncIterable<Uint8Array>;
  /** Returns the facts of an object; undefined if it is not stored. */
  find(name: string): Promise<StoredObject | undefined>;
  /** Sets the time of an object to the present. Returns false if it is not stored. */
  touch(name: string): Promise<boolean>;
  /** Deletes an object if it is stored. */
  delete(name: string): Promise<void>;
  /** Lists the names within a folder, in any order. */
  list(folder: string): Promise<readonly string[]>;
  /**
   * Deletes what puts of dead processes left before an instant.
   *
   * @param before - wall time in milliseconds since 1970
   */
  deleteUnfinished(before: number): Promise<void>;
}
