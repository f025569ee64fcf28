/**
 * Collects items and hands them over together, so that a burst of items renders the page once.
 *
 * @param later - calls back once, at the next time at which the page may render
 * @param take - receives the items in their order
 * @returns the function that adds an item
 */
export function batched<T>(later: (call: () => void) => void, take: (items: readonly T[]) => void): (item: T) => void {
  let pending: T[] = [];
  return (item) => {
    pending.push(item);
    if (pending.length > 1) return;
    later(() => {
      const items = pending;
      pending = [];
      take(items);
    });
  };
}
