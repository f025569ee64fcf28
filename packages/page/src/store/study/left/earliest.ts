/** Returns the item with the least time, the first of equals; undefined if there is none. */
export function earliest<T>(items: Iterable<T>, timeOf: (item: T) => number): T | undefined {
  let first: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const time = timeOf(item);
    if (first !== undefined && time >= least) continue;
    [first, least] = [item, time];
  }
  return first;
}
