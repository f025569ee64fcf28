import type { AssignmentSource, Delivery } from "../ports/assignment-source.js";

/**
 * The assignments of several sources as those of one. The first delivery counts; the sources before
 * others in the list are asked first.
 */
export class MergedAssignments implements AssignmentSource {
  readonly #sources: readonly AssignmentSource[];

  constructor(sources: readonly AssignmentSource[]) {
    this.#sources = sources;
  }

  async next(signal: AbortSignal): Promise<Delivery | undefined> {
    // Not AbortSignal.any: Node keeps a signal of that kind in memory while somebody listens to it.
    const ends = new AbortController();
    const end = (): void => ends.abort();
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const asked = this.#sources.map((source) => source.next(ends.signal));
    const first = await firstDelivery(asked).finally(() => {
      signal.removeEventListener("abort", end);
      end();
    });
    for (const other of asked) void other.then((delivery) => giveBackUnless(first, delivery)).catch(() => undefined);
    return first;
  }
}

/** Returns the first delivery; undefined if all sources end without one. */
async function firstDelivery(asked: readonly Promise<Delivery | undefined>[]): Promise<Delivery | undefined> {
  return await new Promise((resolve, reject) => {
    for (const one of asked) one.then((delivery) => delivery && resolve(delivery), reject);
    void Promise.all(asked).then(() => resolve(undefined), reject);
  });
}

/**
 * Returns a delivery that came beside the first one. Ignored if this fails: the queue repeats it.
 */
async function giveBackUnless(first: Delivery | undefined, delivery: Delivery | undefined): Promise<void> {
  if (delivery !== undefined && delivery !== first) await delivery.giveBack(0);
}
