import { createHash, randomUUID } from "node:crypto";
import { access, constants, type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { SHA256, type Sha256 } from "@sintonia/protocol/names";
import {
  type ArtifactKey,
  ArtifactMismatchError,
  ArtifactMissingError,
  type ArtifactStore,
} from "../../ports/artifact-store.js";
import { codeOf, createFolder, guarded, syncFolder } from "./files.js";

/** Size of the chunks that the store reads; the maximum that the port allows. */
const CHUNK_BYTES = 256 * 1024;

/**
 * An ArtifactStore in a folder that one process owns. An artifact is the file `<first two
 * digits>/<checksum>`. A file is in `unfinished/` until it is complete.
 */
export class FilesystemArtifactStore implements ArtifactStore {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens a store. Creates its folder if it is missing, and deletes unfinished files of an earlier
   * process.
   *
   * @throws {StoreUnavailableError} if the folder is not writable
   */
  static async open(folder: string): Promise<FilesystemArtifactStore> {
    const unfinished = path.join(folder, "unfinished");
    return await guarded(folder, async () => {
      await createFolder(unfinished);
      await access(unfinished, constants.W_OK);
      for (const name of await readdir(unfinished)) await rm(path.join(unfinished, name));
      return new FilesystemArtifactStore(folder);
    });
  }

  /** Returns a store for reading only. Neither creates nor deletes anything. */
  static forReading(folder: string): Pick<ArtifactStore, "open"> {
    return new FilesystemArtifactStore(folder);
  }

  async put(chunks: AsyncIterable<Uint8Array>, key: ArtifactKey): Promise<void> {
    if (await this.#isIntact(key)) return;
    const unfinished = path.join(this.#folder, "unfinished", randomUUID());
    try {
      await write(unfinished, chunks, key);
      await this.#publish(unfinished, key.sha256);
    } catch (error) {
      // Ignored: the next open deletes the file.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async *open(sha256: Sha256): AsyncIterable<Uint8Array> {
    const file = this.#fileOf(sha256);
    if ((await this.sizeOf(sha256)) === undefined)
      throw new ArtifactMissingError(`artifact ${sha256} is not stored in ${this.#folder}`);
    const handle = await guarded(file, () => open(file, "r"));
    try {
      const hash = createHash("sha256");
      for (let chunk = await read(handle, file); chunk.length > 0; chunk = await read(handle, file)) {
        hash.update(chunk);
        yield chunk;
      }
      if (hash.digest("hex") !== sha256)
        throw new ArtifactMismatchError(`${file} was changed or truncated since it was stored`);
    } finally {
      await handle.close();
    }
  }

  async sizeOf(sha256: Sha256): Promise<number | undefined> {
    const file = this.#fileOf(sha256);
    return await guarded(file, async () => {
      try {
        return (await stat(file)).size;
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    });
  }

  async delete(sha256: Sha256): Promise<void> {
    const file = this.#fileOf(sha256);
    await guarded(file, () => rm(file, { force: true }));
  }

  async list(): Promise<readonly Sha256[]> {
    const names = await guarded(this.#folder, () => readdir(this.#folder, { recursive: true }));
    return names.flatMap((name) => SHA256.parse(path.basename(name)) ?? []).sort();
  }

  /** Tells whether the store holds exactly these bytes. */
  async #isIntact({ sha256, sizeBytes }: ArtifactKey): Promise<boolean> {
    if ((await this.sizeOf(sha256)) !== sizeBytes) return false;
    try {
      for await (const _ of this.open(sha256));
      return true;
    } catch (error) {
      if (error instanceof ArtifactMismatchError || error instanceof ArtifactMissingError) return false;
      throw error;
    }
  }

  async #publish(unfinished: string, sha256: Sha256): Promise<void> {
    const file = this.#fileOf(sha256);
    await guarded(file, async () => {
      await createFolder(path.dirname(file));
      await rename(unfinished, file);
      await syncFolder(path.dirname(file));
    });
  }

  #fileOf(sha256: Sha256): string {
    return path.join(this.#folder, sha256.slice(0, 2), sha256);
  }
}

/** Writes chunks durably to a new file. Fails if they do not match the key. */
async function write(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  { sha256, sizeBytes }: ArtifactKey,
): Promise<void> {
  const handle = await guarded(file, () => open(file, "wx"));
  try {
    const hash = createHash("sha256");
    let written = 0;
    for await (const chunk of chunks) {
      written += chunk.length;
      if (written > sizeBytes) break;
      hash.update(chunk);
      await guarded(file, () => handle.writeFile(chunk));
    }
    const actual = hash.digest("hex");
    if (written !== sizeBytes || actual !== sha256) throw mismatch({ sha256, sizeBytes }, written);
    await guarded(file, () => handle.sync());
  } finally {
    await handle.close();
  }
}

function mismatch({ sha256, sizeBytes }: ArtifactKey, written: number): ArtifactMismatchError {
  const announced = `artifact ${sha256} of ${sizeBytes} bytes was announced`;
  if (written > sizeBytes) return new ArtifactMismatchError(`${announced}, more bytes arrived`);
  if (written < sizeBytes) return new ArtifactMismatchError(`${announced}, only ${written} bytes arrived`);
  return new ArtifactMismatchError(`${announced}, bytes with another checksum arrived`);
}

async function read(handle: FileHandle, file: string): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const { bytesRead } = await guarded(file, () => handle.read(buffer, 0, CHUNK_BYTES));
  return buffer.subarray(0, bytesRead);
}
