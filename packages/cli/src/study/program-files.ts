import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { UserError } from "@sintonia/runtime/errors";
import { extract, type Header } from "tar-stream";

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
  const entries = createReadStream(archive).pipe(extract());
  try {
    for await (const entry of entries) {
      const name = innerName(entry.header);
      const bytes = await buffer(entry);
      if (name === undefined) continue;
      const path = join(directory, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes, { mode: entry.header.mode ?? 0o644 });
      names.push(name);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    throw new UserError(`${archive}: the archive of the program's files is damaged: ${(error as Error).message}`);
  }
  return names;
}

/** Returns the path of a file in the folder; undefined for everything else. */
function innerName({ name, type }: Header): string | undefined {
  const [folder, ...rest] = name.split("/");
  const isInside = folder === FOLDER && rest.length > 0 && !rest.some((part) => part === "" || part === "..");
  return type === "file" && isInside ? rest.join("/") : undefined;
}
