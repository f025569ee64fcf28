/** Time after which a transfer without a message counts as broken, in milliseconds. */
export const TRANSFER_IDLE_MS = 60_000;

/**
 * Passes on the messages of a stream. The stream may take any time, but not stand still.
 *
 * @param fault - makes the error that is thrown if no message arrives for `idleMs`; it also ends
 *   the call, if nothing else does
 */
export async function* withIdleLimit<T>(
  messages: AsyncIterable<T>,
  idleMs: number,
  fault: () => Error,
): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(iterator.next(), idleMs, fault);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a stream that stands still does not return either.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

async function within<T>(result: Promise<T>, limitMs: number, fault: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault()), limitMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
