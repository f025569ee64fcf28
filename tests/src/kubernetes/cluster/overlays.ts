// Every way to install deploy/k8s: the base, the overlays, and the base with each component.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
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

/** A way to install. */
export interface Installation {
  /** Fields of a kustomization. */
  readonly kustomization: object;
  /** Whether it has resources of other projects, which a cluster knows by their definitions. */
  readonly isForeign: boolean;
}

/** Components with resources of other projects. */
const FOREIGN = ["keda", "monitoring/operator"];

/** Returns each way to install, by its name. */
export function installations(): Readonly<Record<string, Installation>> {
  const base = { kustomization: { resources: ["../k8s/base"] }, isForeign: false };
  const overlays = foldersOf("overlays", "Kustomization").map((name) => [
    name,
    { kustomization: { resources: [`../k8s/overlays/${name}`] }, isForeign: false },
  ]);
  return { base, ...Object.fromEntries([...overlays, ...componentPaths().map(withComponent)]) };
}

function withComponent(path: string): readonly [name: string, Installation] {
  const kustomization = { resources: ["../k8s/base"], components: [`../k8s/components/${path}`] };
  return [`base with ${path}`, { kustomization, isForeign: FOREIGN.includes(path) }];
}

/** A component may have others inside its folder, and folders that it refers to. */
function componentPaths(): readonly string[] {
  const components = foldersOf("components", "Component");
  return components.flatMap((name) => [
    name,
    ...foldersOf(join("components", name), "Component").map((inner) => `${name}/${inner}`),
  ]);
}

/** Returns the folders of a part of deploy/k8s whose kustomization is of a kind. */
function foldersOf(part: string, kind: "Component" | "Kustomization"): string[] {
  return readdirSync(join(SOURCE, part)).filter((name) => kindOf(join(part, name)) === kind);
}

/** Returns the kind of a folder's kustomization, or undefined without one. */
function kindOf(path: string): string | undefined {
  const file = join(SOURCE, path, "kustomization.yaml");
  if (!existsSync(file)) return undefined;
  return parse(readFileSync(file, "utf8")).kind;
}
