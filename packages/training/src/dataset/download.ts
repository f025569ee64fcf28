import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IdxFile } from "./catalog.js";
import { DataSetError, reasonOf } from "./data-set-error.js";
import { corrupt, isGzipped, totalBytes, unpackIdx } from "./idx.js";

/** What gzip adds at most to 200 MB that it cannot compress: 18 bytes, and 5 for each block of some 16 KiB. */
const GZIP_EXTRA_BYTES = 65_536;

/** How far the download of one file is. */
export interface DownloadProgress {
  /** Name without `.gz`. */
  readonly file: string;
  readonly bytesDone: number;
  /** Undefined where the server does not say. */
  readonly bytesTotal: number | undefined;
}

export interface DownloadOptions {
  /** Folder of the files; ends with a slash. */
  readonly url: string;
  /** Where the files go; made if it is not there. */
  readonly folder: string;
  readonly fetch: typeof globalThis.fetch;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Downloads gzipped files one after the other, checks each, and only then moves it to its name: whoever looks sees all of
 * a file or nothing, with any number of processes at it. A download that was cut off starts again from its first byte.
 *
 * @throws {DataSetError} `unreachable`, `corrupt` or `unwritable`
 */
export async function downloadFiles(files: readonly IdxFile[], options: DownloadOptions): Promise<void> {
  const names = files.map((file) => file.name).join(", ");
  const advice = `Try again, or put ${names} (plain or .gz) into ${options.folder}.`;
  for (const file of files) {
    const url = `${options.url}${file.name}.gz`;
    const bytes = await receive(file, url, options).catch((error: unknown) => {
      throw error instanceof DataSetError ? error : unreachable(url, error, advice);
    });
    await unpackIdx(bytes, file, url);
    await store(bytes, join(options.folder, isGzipped(bytes) ? `${file.name}.gz` : file.name), options.folder);
  }
}

async function receive(file: IdxFile, url: string, { fetch, onProgress }: DownloadOptions): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
  const bytesTotal = declaredBytes(response);
  const bytesMax = totalBytes(file.dimensions) + GZIP_EXTRA_BYTES;
  const chunks: Uint8Array[] = [];
  let bytesDone = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytesDone += chunk.length;
    if (bytesDone > bytesMax) throw corrupt(url, `at most ${bytesMax} bytes`, "more");
    onProgress?.({ file: file.name, bytesDone, bytesTotal });
  }
  return Buffer.concat(chunks);
}

/** The header counts bytes on the wire, which are not the bytes received when `fetch` inflates them. */
function declaredBytes(response: Response): number | undefined {
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  return response.headers.has("content-encoding") || !Number.isInteger(length) ? undefined : length;
}

function unreachable(url: string, cause: unknown, advice: string): DataSetError {
  return new DataSetError("unreachable", `${url}: cannot be downloaded: ${reasonOf(cause)}. ${advice}`, { cause });
}

async function store(bytes: Uint8Array, path: string, folder: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(part, bytes, { flush: true });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {}); // Ignored: the first error is the one to tell.
    throw new DataSetError("unwritable", `${path}: cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}
