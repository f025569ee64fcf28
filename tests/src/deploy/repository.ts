import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export type ServiceName = "coordinator" | "trainer";

/** Names of the services that have an image. */
export const SERVICE_NAMES: readonly ServiceName[] = ["coordinator", "trainer"];

/** A package in the lock file. */
interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Folder of the workspace that the entry links to. */
  readonly resolved?: string;
  readonly link?: boolean;
}

type Lock = Readonly<Record<string, LockedPackage>>;

function readLock(): Lock {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as { readonly packages: Lock };
  return packages;
}

/** Returns the folders of all workspaces. */
export function workspaces(): readonly string[] {
  return Object.values(readLock()).flatMap(({ link, resolved }) => (link && resolved !== undefined ? [resolved] : []));
}

/** Returns the folders of a service's workspace and of the workspaces that it depends on. */
export function workspacesOf(service: ServiceName): readonly string[] {
  const lock = readLock();
  const found = new Set<string>();
  const add = (folder: string): void => {
    if (found.has(folder)) return;
    found.add(folder);
    for (const name of Object.keys(lock[folder]?.dependencies ?? {})) {
      const { link, resolved } = lock[`node_modules/${name}`] ?? {};
      if (link && resolved !== undefined) add(resolved);
    }
  };
  add(`services/${service}`);
  return [...found];
}
