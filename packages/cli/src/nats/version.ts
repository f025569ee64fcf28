/** A version as major, minor and patch number. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Parses the output of `nats-server --version`. Returns undefined if it contains no version. */
export function parseVersion(output: string): Version | undefined {
  const match = /v(\d+)\.(\d+)\.(\d+)/.exec(output);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Returns true if `version` is `least` or newer. */
export function isAtLeast(version: Version, least: Version): boolean {
  for (const [index, number] of version.entries()) {
    const other = least[index] ?? 0;
    if (number !== other) return number > other;
  }
  return true;
}
