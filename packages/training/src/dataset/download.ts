import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IdxFile } from "./catalog.js";
import { DataSetError, reasonOf } from "./data-set-error.js";
import { corrupt, isGzipped, totalBytes, unpackIdx } from "./idx.js";

/**
 * Largest overhead of gzip, for 200 MB that it cannot compress: 18 bytes, and 5 bytes for each
 * block of about 16 KiB. A larger download is refused.
 */
const GZIP_EXTRA_BYTES = 65_536;

/** The progress of one file's download. */
export interface DownloadProgress {
  /** Name without `.gz`. */
  readonly file: string;
  readonly bytesDone: number;
  /** Undefined if the server does not declare the size. */
  readonly bytesTotal: number | undefined;
}

/** The options of `downloadFiles`. */
interface DownloadOptions {
  /** URL of the folder of the files; ends with a slash. */
  readonly url: string;
  /** Folder that receives the files; created if it is missing. */
  readonly folder: string;
  readonly fetch: typeof globalThis.fetch;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Downloads gzipped files one after the other. Each file gets its name only after all checks, so
 * that no other process sees an incomplete file. An interrupted download starts again from its
 * first byte.
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

/**
 * Returns the declared size. Undefined if `fetch` inflates the content: the header then counts
 * compressed bytes.
 */
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
    await rm(part, { force: true }).catch(() => {}); // Ignored: the first error matters.
    throw new DataSetError("unwritable", `${path}: cannot be written: ${reasonOf(error)}.`, { cause: error });
  }
}
