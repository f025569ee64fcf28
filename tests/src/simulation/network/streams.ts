/** Collects what a stream yields. */
export async function collected<T>(stream: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** The connection ended in the middle of a stream. */
class BrokenStreamError extends Error {
  override readonly name = "BrokenStreamError";
}

/** Yields items; ends with an error after some of them if `brokenAfter` is given. */
export async function* streamOf<T>(items: readonly T[], brokenAfter?: number): AsyncGenerator<T> {
  for (const [index, item] of items.entries()) {
    if (index === brokenAfter) throw new BrokenStreamError("the connection ended");
    yield item;
  }
}
