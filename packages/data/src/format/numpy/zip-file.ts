import type { Readable } from "node:stream";
import yauzl from "yauzl";

/** An entry of a zip archive. */
export type ZipEntry = yauzl.Entry;

/** A zip archive, with promises around the callbacks of `yauzl`. The caller closes it. */
export class ZipFile {
  /** All entries, in the order of the archive. */
  readonly entries: readonly ZipEntry[];
  readonly #zip: yauzl.ZipFile;

  static async open(path: string): Promise<ZipFile> {
    const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
      yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
    try {
      return new ZipFile(zip, await entriesOf(zip));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  private constructor(zip: yauzl.ZipFile, entries: readonly ZipEntry[]) {
    this.#zip = zip;
    this.entries = entries;
  }

  /** Returns the uncompressed content of an entry. */
  read(entry: ZipEntry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.#zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
  }

  close(): void {
    this.#zip.close();
  }
}

function entriesOf(zip: yauzl.ZipFile): Promise<ZipEntry[]> {
  return new Promise((resolve, reject) => {
    const entries: ZipEntry[] = [];
    zip.on("entry", (entry: ZipEntry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on("end", () => resolve(entries));
    zip.on("error", reject);
    zip.readEntry();
  });
}
