import { resolve } from "node:path";
import type { Logger } from "@sintonia/runtime/logger";
import { FileCache } from "./cache/file-cache.js";
import type { FileOrigin, FileSource, WantedFile } from "./contract/file-source.js";
import { MountedFiles } from "./mounted/mounted-files.js";
import { RemoteFiles, type RemoteSettings } from "./remote/remote-files.js";
import { SourceOrigin } from "./remote/source-origin.js";

/** The settings of a machine's files. */
interface StudyFilesOptions extends RemoteSettings {
  /** Folder of the cache. */
  readonly folder: string;
  /** Limit of the cache in bytes. */
  readonly bytesMax: number;
  /** Folders from which mounted files may be read. */
  readonly roots: readonly string[];
  /** @default none: only files with a source are asked for */
  readonly coordinator?: FileOrigin;
  readonly logger: Logger;
}

/** The files of studies on this machine: mounted ones in their place, all others in a cache. */
export class StudyFiles implements FileSource {
  readonly #cache: FileCache;
  readonly #mounted: MountedFiles;

  /** The caller closes it. */
  constructor({ folder, bytesMax, roots, coordinator, logger, ...remote }: StudyFilesOptions) {
    const origin = new SourceOrigin(new RemoteFiles(remote), coordinator);
    this.#cache = new FileCache({ folder, bytesMax, origin, logger });
    this.#mounted = new MountedFiles(roots.map((root) => resolve(root)));
  }

  async fetch(file: WantedFile, signal: AbortSignal): Promise<string> {
    const { source } = file;
    return source?.scheme === "file" ? await this.#mounted.fetch(source.path, file) : this.#cache.fetch(file, signal);
  }

  release(): void {
    this.#cache.release();
  }

  /** Frees the files of the cache after a while. */
  close(): void {
    this.#cache.close();
  }
}
