// The state folder of the coordinators: a disk that all of them share, and that survives them.

import { MemoryArtifactStore } from "@sintonia/coordinator/adapters/memory/artifact-store";
import { MemoryCheckpointStore } from "@sintonia/coordinator/adapters/memory/checkpoint-store";
import { MemoryFileStore } from "@sintonia/coordinator/adapters/memory/file-store";
import { MemoryLogCopies } from "@sintonia/coordinator/adapters/memory/log-copies";
import { MemoryOutputStore } from "@sintonia/coordinator/adapters/memory/output-store";
import { MemorySnapshotStore } from "@sintonia/coordinator/adapters/memory/snapshot-store";
import {
  type ArtifactKey,
  ArtifactMismatchError,
  type ArtifactStore,
} from "@sintonia/coordinator/ports/artifact-store";
import type { CheckpointOwner, CheckpointStore } from "@sintonia/coordinator/ports/checkpoint-store";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import type { InstallationFolder } from "@sintonia/coordinator/shell/installation";
import type { SnapshotStore } from "@sintonia/coordinator/shell/snapshot/snapshot-store";
import type { Sha256 } from "@sintonia/protocol/names";
import { sleep } from "@sintonia/runtime/clock";
import type { Truth } from "../checks/truth.js";
import { collected, streamOf } from "../network/streams.js";
import type { SimulatedProcess } from "../world/process.js";
import type { World } from "../world/world.js";

/** Longest duration of a write in milliseconds. */
const WRITE_MAX_MS = 50;

const NO_ROOM = "no space left on device";

/** The disk. */
export class Disk {
  readonly artifacts = new MemoryArtifactStore();
  readonly checkpoints = new MemoryCheckpointStore();
  readonly files = new MemoryFileStore();
  readonly outputs = new MemoryOutputStore();
  readonly copies = new MemoryLogCopies();
  readonly snapshots = new MemorySnapshotStore();
  /** Checksums of damaged artifacts and checkpoints. */
  readonly damaged = new Set<Sha256>();
  /** Checksums of all artifacts that were ever stored. */
  readonly stored = new Set<Sha256>();
  readonly #world: World;
  readonly #truth: Truth;
  #installation: string | undefined;
  #fullUntilMs = 0;

  constructor(world: World, truth: Truth) {
    this.#world = world;
    this.#truth = truth;
  }

  fill(ms: number): void {
    this.#world.note(`the disk is full for ${Math.round(ms)} ms`);
    this.#fullUntilMs = this.#world.nowMs + ms;
  }

  /** A person restores what is damaged from a backup, and makes room. */
  mend(): void {
    this.#fullUntilMs = 0;
    this.damaged.clear();
  }

  requireRoom(): void {
    if (this.#world.nowMs < this.#fullUntilMs) throw new StoreUnavailableError(NO_ROOM);
  }

  /** The identity of the installation. */
  readonly installation: InstallationFolder = {
    read: async () => this.#installation,
    write: async (id) => {
      this.requireRoom();
      this.#installation = id;
    },
  };

  /** Returns the artifacts as a coordinator's process sees them. */
  artifactsFor(process: SimulatedProcess): ArtifactStore {
    const store = this.artifacts;
    return {
      ...this.#reading(store),
      put: (chunks, key) => this.#put(process, store, chunks, key, (bytes) => store.put(bytes, key)),
      delete: (sha256) => store.delete(sha256),
      collect: (candidates, before) => store.collect(candidates, before),
      list: () => store.list(),
    };
  }

  /** Returns the checkpoints as a coordinator's process sees them. */
  checkpointsFor(process: SimulatedProcess): CheckpointStore {
    const store = this.checkpoints;
    return {
      ...this.#reading(store),
      put: (chunks, key, owner: CheckpointOwner) =>
        this.#put(process, store, chunks, key, (bytes) => store.put(bytes, key, owner)),
      delete: async (sha256) => {
        this.#truth.checkDeletion(sha256);
        await store.delete(sha256);
      },
      collect: (candidates, before) => store.collect(candidates, before),
      ownerOf: (sha256) => store.ownerOf(sha256),
      list: () => store.list(),
    };
  }

  /** Returns the snapshots of studies as a coordinator's process sees them. */
  snapshotsFor(process: SimulatedProcess, isLeading: () => boolean): SnapshotStore {
    const { snapshots } = this;
    return {
      write: async (studyId, chunks) => {
        await sleep(this.#world.random.uniform() * WRITE_MAX_MS, process.timers);
        this.requireRoom();
        if (!isLeading()) throw new StoreUnavailableError("another coordinator has the disk");
        await snapshots.write(studyId, chunks);
      },
      read: (studyId) => snapshots.read(studyId),
      delete: (studyId) => snapshots.delete(studyId),
    };
  }

  #reading(store: Pick<ArtifactStore, "open" | "sizeOf">): Pick<ArtifactStore, "open" | "sizeOf"> {
    const { damaged } = this;
    return {
      async *open(sha256) {
        yield* store.open(sha256);
        if (damaged.has(sha256)) throw new ArtifactMismatchError(`artifact ${sha256} is damaged`);
      },
      sizeOf: (sha256) => store.sizeOf(sha256),
    };
  }

  async #put(
    process: SimulatedProcess,
    store: Pick<ArtifactStore, "sizeOf" | "delete">,
    chunks: AsyncIterable<Uint8Array>,
    { sha256 }: ArtifactKey,
    write: (chunks: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void> {
    const isStored = (await store.sizeOf(sha256)) !== undefined && !this.damaged.has(sha256);
    const parts = isStored ? [] : await collected(chunks);
    await sleep(this.#world.random.uniform() * WRITE_MAX_MS, process.timers);
    this.requireRoom();
    if (this.damaged.delete(sha256)) await store.delete(sha256);
    await write(streamOf(parts));
    this.stored.add(sha256);
    if (!isStored && this.#world.chance(this.#world.faults.rot)) this.#damageLater(sha256);
  }

  #damageLater(sha256: Sha256): void {
    this.#world.after(this.#world.random.uniform() * 5_000, () => {
      if (this.#world.faults.rot === 0) return;
      this.#world.note(`${sha256.slice(0, 8)} is damaged on the disk`);
      this.damaged.add(sha256);
    });
  }
}
