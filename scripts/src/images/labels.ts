import type { Base } from "./base.js";

/** The origin of a build. */
export interface Origin {
  readonly version: string;
  /** Commit, with "-dirty" if files differ from it. */
  readonly revision: string;
  /** Address of the repository; undefined if it has no remote. */
  readonly source: string | undefined;
  /** Time of the build's content, in seconds since 1970 (SOURCE_DATE_EPOCH). */
  readonly epochSeconds: number;
}

/** Returns the labels of the OCI image specification for a build. */
export function labelsOf(title: string, { version, revision, source, epochSeconds }: Origin, base: Base) {
  const labels = {
    title,
    version,
    revision,
    source,
    created: new Date(epochSeconds * 1000).toISOString(),
    "base.name": base.name,
    "base.digest": base.digest,
  };
  const known = Object.entries(labels).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [`org.opencontainers.image.${key}`, value as string]));
}

/** Removes a login from the address of a remote, and turns git's short form into a URL. */
export function publicAddress(remote: string): string {
  const url = remote.trim().replace(/^git@([^:]+):/, "https://$1/");
  return url.replace(/^(\w+:\/\/)[^@/]*@/, "$1").replace(/\.git$/, "");
}
