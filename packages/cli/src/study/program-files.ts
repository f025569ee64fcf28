import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ArchiveError, readTar, type TarEntry } from "@sintonia/files/archive/tar-entries";
import { UserError } from "@sintonia/runtime/errors";

/** Name of the folder in the archive of a program's files. */
const FOLDER = "artifacts";

/**
 * Unpacks the archive of a program's files into a folder. Leaves out links, and makes no file
 * outside of the folder.
 *
 * @returns the paths of the files in the folder
 * @throws {UserError} if the archive is damaged
 */
export async function unpackProgramFiles(archive: string, directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of readTar(createReadStream(archive))) {
      const name = innerName(entry);
      if (name === undefined) continue;
      const path = join(directory, name);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry.bytes, createWriteStream(path, { mode: entry.mode }));
      names.push(name);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new UserError(`${archive}: the archive of the program's files is damaged: ${error.message}`);
  }
  return names;
}

/** Returns the path of a file in the folder; undefined for everything else. */
function innerName({ path: [folder, ...rest] = [], type }: TarEntry): string | undefined {
  return type === "file" && folder === FOLDER && rest.length > 0 ? rest.join("/") : undefined;
}
