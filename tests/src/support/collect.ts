/** Reads an iterable to its end. (Array.fromAsync is missing from Node 20.) */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
