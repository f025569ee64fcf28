import { PEER_NAMES } from "./peer-names.js";

/**
 * Returns the known name that a person most likely means by another name. In this order: the same
 * name in another case or with other separators; a name that has this meaning in Keras, KerasTuner,
 * Optuna, Ray Tune, Katib or PyTorch; a longer name that contains this one; the name with the
 * fewest edits (insertions, deletions, replacements).
 *
 * @returns undefined if no name is near, or if more than a third of its letters would change
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = bare(name);
  return (
    known.find((candidate) => bare(candidate) === wanted) ??
    PEER_NAMES.get(wanted)?.find((meant) => known.includes(meant)) ??
    containing(wanted, known) ??
    fewestEdits(wanted, known)
  );
}

/** Shortest name that may stand for another one, in letters. */
const PART_MIN = 3;

/** Returns a name in lower case and without separators. */
function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. ]/g, "");
}

/** Returns the known name that begins with a name, else the first one that contains it. */
function containing(name: string, known: readonly string[]): string | undefined {
  if (name.length < PART_MIN) return undefined;
  return (
    known.find((candidate) => bare(candidate).startsWith(name)) ??
    known.find((candidate) => bare(candidate).includes(name))
  );
}

function fewestEdits(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = editDistance(name, bare(candidate));
    const limit = candidate.length < PART_MIN ? 0 : Math.ceil(candidate.length / 3);
    if (edits < fewest && edits <= limit) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

/** Returns the Levenshtein distance; Infinity if the lengths differ by more than 8. */
function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 8) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (previous[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[to.length] as number;
}
