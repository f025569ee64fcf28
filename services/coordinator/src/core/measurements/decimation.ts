/**
 * Returns the indices of at most `pointsMax` values that keep the extremes of a series: the first,
 * the last, and the smallest and the largest one of each of (pointsMax - 2) / 2 stretches of equal
 * length. All indices if the series has no more values.
 *
 * @param values - finite numbers
 * @param pointsMax - at least 2
 * @returns increasing indices
 */
export function decimated(values: ArrayLike<number>, pointsMax: number): number[] {
  const count = values.length;
  if (count <= pointsMax) return Array.from({ length: count }, (_, index) => index);
  const stretches = Math.floor((pointsMax - 2) / 2);
  const startOf = (stretch: number): number => 1 + Math.floor((stretch * (count - 2)) / stretches);
  const inner = Array.from({ length: stretches }, (_, stretch) =>
    extremes(values, startOf(stretch), startOf(stretch + 1)),
  );
  return [0, ...inner.flat(), count - 1];
}

/** Returns the indices of the smallest and the largest value of a stretch; one if all are equal. */
function extremes(values: ArrayLike<number>, from: number, end: number): number[] {
  let [smallest, largest] = [from, from];
  for (let index = from + 1; index < end; index++) {
    const value = values[index] as number;
    if (value < (values[smallest] as number)) smallest = index;
    if (value > (values[largest] as number)) largest = index;
  }
  if (smallest === largest) return [smallest];
  return smallest < largest ? [smallest, largest] : [largest, smallest];
}
