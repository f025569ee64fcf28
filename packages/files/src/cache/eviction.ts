import type { CacheFolder } from "./cache-folder.js";

/** The room that a file needs in a cache. */
interface RoomRequest {
  /** The file that is about to be written; its present bytes do not count. */
  readonly needed: { readonly path: string; readonly sizeBytes: number };
  /** Limit of all files together. */
  readonly bytesMax: number;
  /** Paths that stay, although nobody else uses them. */
  readonly used: ReadonlySet<string>;
}

/**
 * Deletes the free files of a cache that were used longest ago until a file fits.
 *
 * @returns the number of bytes that are still too many
 */
export async function excessBytes(folder: CacheFolder, { needed, bytesMax, used }: RoomRequest): Promise<number> {
  const entries = await folder.entries();
  const others = entries.filter(({ path }) => path !== needed.path);
  let excess = others.reduce((sum, entry) => sum + entry.sizeBytes, needed.sizeBytes) - bytesMax;
  for (const entry of others) {
    if (excess <= 0) break;
    if (!entry.isFree || used.has(entry.path)) continue;
    await folder.delete(entry.path);
    excess -= entry.sizeBytes;
  }
  return excess;
}
