/**
 * Returns the known name that a mistyped name most likely means.
 *
 * @returns the known name with the fewest edits (insertions, deletions, replacements; ignoring
 * case), or undefined if more than a third of its letters would change
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest && edits <= Math.ceil(candidate.length / 3)) {
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
