// Compares a study's log in the store with the coordinator's own copy. Pure.

/** A record of the log in the store. */
export interface StoredEntry {
  /** SHA-256 in hexadecimal digits. */
  readonly digest: string;
  /** Digest of the record that it continues; undefined if it is no record of the study. */
  readonly previous: string | undefined;
}

/** The relation of a log to its copy. */
export type Comparison =
  /** The log goes on in another way than the copy: both have records that the other one lacks. */
  | { readonly kind: "diverged"; readonly common: number }
  | {
      readonly kind: "consistent";
      /** Number of the copy's records up to the last one that the log has. */
      readonly common: number;
      /** Positions in the log, from 0, of the records after the common ones. */
      readonly newer: readonly number[];
      /** Number of common records that the log lacks. */
      readonly missing: number;
      /** Number of entries of the log that are damaged, or that no coordinator wrote. */
      readonly foreign: number;
    };

/**
 * Compares a log with its copy.
 *
 * @param copy - digests of the copy's records, whose chain is checked
 */
export function compareLogs(copy: readonly string[], stored: readonly StoredEntry[]): Comparison {
  const sequences = new Map(copy.map((digest, index) => [digest, index + 1]));
  const known = stored.map(({ digest }) => sequences.get(digest) ?? 0);
  const common = Math.max(0, ...known);
  const newer = continuation(stored, common === 0 ? 0 : known.lastIndexOf(common) + 1, copy[common - 1] ?? "");
  if (newer.length > 0 && common < copy.length) return { kind: "diverged", common };
  const present = new Set(known.filter((sequence) => sequence > 0)).size;
  const foreign = known.filter((sequence) => sequence === 0).length - newer.length;
  return { kind: "consistent", common, newer, missing: common - present, foreign };
}

/** Returns the positions of the entries, from one position on, that continue a chain. */
function continuation(stored: readonly StoredEntry[], from: number, head: string): readonly number[] {
  const positions: number[] = [];
  let last = head;
  for (let position = from; position < stored.length; position++) {
    const { digest, previous } = stored[position] as StoredEntry;
    if (previous !== last) continue;
    positions.push(position);
    last = digest;
  }
  return positions;
}
