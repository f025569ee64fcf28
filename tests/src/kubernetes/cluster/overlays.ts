// Every way to install deploy/k8s: the base, the overlays, and the base with each component.

import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ROOT } from "../../deploy/repository.js";

const SOURCE = join(ROOT, "deploy", "k8s");

/** A folder for kubectl, with a copy of deploy/k8s and kustomizations beside it. */
export class Overlays {
  readonly #folder: string;

  /** @param folder - an empty folder */
  constructor(folder: string) {
    this.#folder = folder;
    cpSync(SOURCE, join(folder, "k8s"), { recursive: true });
  }

  /**
   * Writes a kustomization of a part of deploy/k8s.
   *
   * @param name - name of its folder
   * @param content - its fields; the paths start with `../k8s`
   * @returns its folder
   */
  write(name: string, content: object): string {
    const folder = join(this.#folder, name);
    mkdirSync(folder);
    const head = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };
    writeFileSync(join(folder, "kustomization.yaml"), stringify({ ...head, ...content }));
    return folder;
  }
}

/** Returns the fields of a kustomization for each way to install, by its name. */
export function installations(): Readonly<Record<string, object>> {
  const overlays = foldersOf("overlays").map((name) => [name, { resources: [`../k8s/overlays/${name}`] }]);
  const components = foldersOf("components").map((name) => [
    `base with ${name}`,
    { resources: ["../k8s/base"], components: [`../k8s/components/${name}`] },
  ]);
  return { base: { resources: ["../k8s/base"] }, ...Object.fromEntries([...overlays, ...components]) };
}

function foldersOf(part: string): string[] {
  const folder = join(SOURCE, part);
  return existsSync(folder) ? readdirSync(folder) : [];
}
