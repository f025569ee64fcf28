import type { FileSource, WantedFile } from "@sintonia/files/contract/file-source";
import { messageOf } from "@sintonia/runtime/errors";

/** The places on this machine of files, by the paths that a plan has for them. */
type Places = Readonly<Record<string, string>>;

/** The files that evaluations read: from the coordinator's store, or from their sources. */
export class EvaluationFiles {
  readonly #stored: (file: WantedFile) => Promise<string>;
  readonly #sources: FileSource;
  readonly #signal: AbortSignal;
  /** Number of evaluations that use files of sources. */
  #users = 0;

  /**
   * The caller closes the sources.
   *
   * @param stored - checks a file that the coordinator stores, and returns its path
   * @param signal - ends every fetch when aborted
   */
  constructor(stored: (file: WantedFile) => Promise<string>, sources: FileSource, signal: AbortSignal) {
    this.#stored = stored;
    this.#sources = sources;
    this.#signal = signal;
  }

  /** Does work with files, which stay in their places until the work is done. */
  async during<T>(files: ReadonlyMap<string, WantedFile>, work: (places: Places) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      const places: Record<string, string> = {};
      for (const [path, file] of files) places[path] = await this.#placeOf(path, file);
      return await work(places);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#sources.release();
    }
  }

  async #placeOf(path: string, file: WantedFile): Promise<string> {
    try {
      if (file.source === undefined) return await this.#stored(file);
      return await this.#sources.fetch(file, this.#signal);
    } catch (error) {
      throw new Error(`file ${path}: ${messageOf(error)}`, { cause: error });
    }
  }
}
