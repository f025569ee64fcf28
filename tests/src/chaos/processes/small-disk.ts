import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Reason for which this process cannot mount a file system; false if it can. */
export const withoutSmallDisks: string | false = triedMount();

/** A file system in memory with a limit, which a test fills and frees. */
export class SmallDisk {
  readonly folder: string;
  /** Unmounts if this process ends without `close`. */
  readonly #abandon = (): void => void spawnSync("umount", ["--lazy", this.folder]);

  /** @param bytes - room for all files */
  constructor(bytes: number) {
    this.folder = mkdtempSync(path.join(tmpdir(), "sintonia-disk-"));
    const fault = mount(this.folder, bytes);
    if (fault !== undefined) throw new Error(fault);
    process.once("exit", this.#abandon);
  }

  /** Writes a file that takes all the room that is left. */
  fill(): void {
    for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
      while (this.#append(bytes));
    }
  }

  /** Deletes what `fill` has written. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Unmounts the file system. Its files are gone. */
  close(): void {
    process.off("exit", this.#abandon);
    this.#abandon();
    rmdirSync(this.folder);
  }

  get #ballast(): string {
    return path.join(this.folder, "ballast");
  }

  #append(bytes: number): boolean {
    try {
      writeFileSync(this.#ballast, Buffer.alloc(bytes), { flag: "a" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return false;
      throw error;
    }
  }
}

/** Mounts a tmpfs. Returns the reason if this is not possible. */
function mount(folder: string, bytes: number): string | undefined {
  const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]);
  return status === 0 ? undefined : `no file system can be mounted: ${error?.message ?? stderr.toString().trim()}`;
}

function triedMount(): string | false {
  const folder = mkdtempSync(path.join(tmpdir(), "sintonia-disk-"));
  const fault = mount(folder, 65_536);
  if (fault === undefined) spawnSync("umount", [folder]);
  rmdirSync(folder);
  return fault ?? false;
}
