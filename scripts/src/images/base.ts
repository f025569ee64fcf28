// The base image of a build: the one that the lock file pins by its digest, or a given one.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** The base with Node and npm that the images start from. */
export const DEFAULT_BASE = "node:22-bookworm-slim";

/** Digests by the name of an image, as in scripts/base-images.json. */
export type BaseLock = Readonly<Record<string, string>>;

/** A base image, and what to call it in a Dockerfile. */
export interface Base {
  /** Name with tag, for the label org.opencontainers.image.base.name. */
  readonly name: string;
  /** sha256:...; undefined for an image that came from no registry. */
  readonly digest: string | undefined;
  /** Name with the digest, if there is one: what the build starts from. */
  readonly reference: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Returns the base with a name, pinned if its digest is known. The name may contain the digest. */
export function pinned(name: string, lock: BaseLock): Base {
  const [bare = name, own] = name.split("@");
  const digest = own ?? lock[bare];
  return { name: bare, digest, reference: digest === undefined ? bare : `${bare}@${digest}` };
}

/** Podman's place of images that came from no registry. It gives them digests, too. */
const NO_REGISTRY = "localhost/";

/**
 * Returns the registry's digest in a reference such as "docker.io/node@sha256:..."; undefined if it
 * has none.
 */
export function digestIn(reference: string): string | undefined {
  const [name = "", digest = ""] = reference.trim().split("@");
  return DIGEST.test(digest) && !name.startsWith(NO_REGISTRY) ? digest : undefined;
}

/** Reads the lock file; empty if there is none. */
export function readLock(file: string): BaseLock {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as BaseLock) : {};
}

/** Adds a digest to the lock file, which belongs into version control. */
export function writeLock(file: string, lock: BaseLock): void {
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(file, `${JSON.stringify(sorted, undefined, 2)}\n`);
}
