import { createHash } from "node:crypto";
import type { Sha256 } from "@sintonia/protocol/names";
import { type Clock, systemClock } from "@sintonia/runtime/clock";
import {
  type ArtifactKey,
  ArtifactMismatchError,
  ArtifactMissingError,
  type ArtifactStore,
  type Collected,
} from "../../ports/artifact-store.js";

const CHUNK_BYTES = 256 * 1024;

/** An ArtifactStore in memory. */
export class MemoryArtifactStore implements ArtifactStore {
  readonly #clock: Pick<Clock, "wallTime">;
  readonly #artifacts = new Map<Sha256, Buffer>();
  /** Wall time of the last put of each artifact, in milliseconds since 1970. */
  readonly #putAt = new Map<Sha256, number>();

  constructor(clock: Pick<Clock, "wallTime"> = systemClock) {
    this.#clock = clock;
  }

  async put(chunks: AsyncIterable<Uint8Array>, { sha256, sizeBytes }: ArtifactKey): Promise<void> {
    this.#putAt.set(sha256, this.#clock.wallTime().getTime());
    if (this.#artifacts.has(sha256)) return;
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const bytes = Buffer.concat(parts);
    const actual = createHash("sha256").update(bytes).digest("hex");
    if (bytes.length !== sizeBytes || actual !== sha256) {
      throw new ArtifactMismatchError(
        `artifact ${sha256} of ${sizeBytes} bytes was announced, ${actual} of ${bytes.length} bytes arrived`,
      );
    }
    this.#artifacts.set(sha256, bytes);
  }

  async *open(sha256: Sha256): AsyncIterable<Uint8Array> {
    const bytes = this.#artifacts.get(sha256);
    if (bytes === undefined) throw new ArtifactMissingError(`artifact ${sha256} is not stored`);
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
  }

  async sizeOf(sha256: Sha256): Promise<number | undefined> {
    return this.#artifacts.get(sha256)?.length;
  }

  async delete(sha256: Sha256): Promise<void> {
    this.#artifacts.delete(sha256);
  }

  async collect(candidates: readonly Sha256[], before: number): Promise<Collected> {
    const old = candidates.filter((sha256) => this.#artifacts.has(sha256) && (this.#putAt.get(sha256) ?? 0) < before);
    const sizeBytes = old.reduce((sum, sha256) => sum + (this.#artifacts.get(sha256)?.length ?? 0), 0);
    for (const sha256 of old) this.#artifacts.delete(sha256);
    return { count: old.length, sizeBytes };
  }

  async list(): Promise<readonly Sha256[]> {
    return [...this.#artifacts.keys()].sort();
  }
}
