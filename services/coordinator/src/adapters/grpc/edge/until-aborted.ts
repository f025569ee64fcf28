/**
 * Passes on the messages of a stream until a signal is aborted, also while it waits for the next
 * message.
 *
 * @param signal - of this stream alone: a signal with many listeners is slow
 */
export async function* untilAborted<T>(messages: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  while (!signal.aborted) {
    const next = await orAborted(iterator.next(), signal);
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}

/** Returns the result; undefined if the signal is aborted before. */
function orAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    signal.addEventListener("abort", abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
