import { ArtifactMissingError } from "../../ports/artifact-store.js";
import type { InstallationFolder } from "../../shell/installation.js";
import type { Objects } from "./objects.js";
import { putBytes } from "./objects-check.js";

const NAME = "installation/id";

/**
 * The identity of the installation in a shared store. Two installations in one place would delete
 * each other's content, because each deletes what its own studies do not name.
 */
export class ObjectInstallation implements InstallationFolder {
  readonly #objects: Objects;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  async read(): Promise<string | undefined> {
    try {
      const parts: Uint8Array[] = [];
      for await (const part of this.#objects.open(NAME)) parts.push(part);
      return Buffer.concat(parts).toString("utf8").trim() || undefined;
    } catch (error) {
      if (error instanceof ArtifactMissingError) return undefined;
      throw error;
    }
  }

  async write(id: string): Promise<void> {
    await putBytes(this.#objects, NAME, Buffer.from(`${id}\n`));
  }
}
