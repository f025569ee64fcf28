import { randomUUID } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "@sintonia/runtime/file/folders";
import type { InstallationFolder } from "../../shell/installation.js";
import { codeOf, guarded, syncFolder } from "./files.js";

const NAME = "installation";

/** The identity of the installation in a file of the state folder. */
export class InstallationFile implements InstallationFolder {
  readonly #folder: string;

  /** @param folder - created by `write` if it is missing */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(): Promise<string | undefined> {
    const file = path.join(this.#folder, NAME);
    return await guarded(file, async () => {
      try {
        return (await readFile(file, "utf8")).trim() || undefined;
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      }
    });
  }

  async write(id: string): Promise<void> {
    await guarded(this.#folder, async () => {
      await makeFolder(this.#folder);
      const draft = path.join(this.#folder, `${NAME}.${randomUUID()}`);
      const handle = await open(draft, "wx");
      try {
        await handle.writeFile(`${id}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, path.join(this.#folder, NAME));
      await syncFolder(this.#folder);
    });
  }
}
