import { realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { digestOf } from "../cache/download.js";
import { FileUnavailableError, type WantedFile } from "../contract/file-source.js";

/** A state of a file. A change of its bytes changes the state. */
interface State {
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
}

/**
 * Files at mounted paths, which are read where they are. A file's checksum is checked once, and
 * again if its size, times or inode change.
 */
export class MountedFiles {
  readonly #roots: readonly string[];
  readonly #checked = new Map<string, { readonly state: State; readonly sha256: string }>();

  /** @param roots - absolute paths of the folders from which files may be read */
  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /**
   * Returns the true path of a mounted file with the bytes that the reference names.
   *
   * @throws {FileUnavailableError}
   */
  async fetch(path: string, file: WantedFile): Promise<string> {
    const place = await this.#allowed(path);
    const before = await stateOf(place);
    if (isSame(before, this.#checked.get(place)?.state) && this.#checked.get(place)?.sha256 === file.sha256)
      return place;
    const actual = await digestOf(place).catch(throwUnreadable);
    if (!isSame(await stateOf(place), before))
      throw new FileUnavailableError("it changed while it was read; start again when nothing writes to it");
    if (actual.sha256 !== file.sha256 || actual.sizeBytes !== file.sizeBytes)
      throw new FileUnavailableError(
        `it changed: its SHA-256 was ${file.sha256} (${file.sizeBytes} bytes) and is ${actual.sha256} ` +
          `(${actual.sizeBytes} bytes)`,
      );
    this.#checked.set(place, { state: before, sha256: file.sha256 });
    return place;
  }

  /** Follows links before it compares, so that no link leads out of the folders. */
  async #allowed(path: string): Promise<string> {
    const roots = await Promise.all(this.#roots.map((root) => realpath(root).catch(() => root)));
    if (this.#roots.length === 0)
      throw new FileUnavailableError("this machine may read no mounted files; SINTONIA_FILE_ROOTS names their folders");
    const place = await realpath(path).catch(throwUnreadable);
    if (roots.some((root) => isWithin(root, place))) return place;
    throw new FileUnavailableError("it is outside the folders of SINTONIA_FILE_ROOTS, from which files may be read");
  }
}

async function stateOf(path: string): Promise<State> {
  const found = await stat(path).catch(throwUnreadable);
  if (found.isDirectory()) throw new FileUnavailableError("it is a folder; name a file in it");
  if (!found.isFile()) throw new FileUnavailableError("it is a device or a pipe; name a regular file");
  const { dev: device, ino: inode, size: sizeBytes, mtimeMs: modifiedMs, ctimeMs: changedMs } = found;
  return { device, inode, sizeBytes, modifiedMs, changedMs };
}

function isSame(one: State, other: State | undefined): boolean {
  return (
    one.device === other?.device &&
    one.inode === other.inode &&
    one.sizeBytes === other.sizeBytes &&
    one.modifiedMs === other.modifiedMs &&
    one.changedMs === other.changedMs
  );
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function throwUnreadable(error: unknown): never {
  if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = message.replace(/^[A-Z0-9]+: ([^,]+).*$/s, "$1");
  const what = code === "ENOENT" ? "it is not there on this machine" : `it cannot be read: ${reason}`;
  throw new FileUnavailableError(what, { cause: error });
}
