const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The error of a command that a person or a signal interrupted. The process ends with exit code
 * 130.
 */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** A listener for the signals that interrupt the process. */
export interface Interruption {
  /** Aborted at the first signal, with an InterruptedError as the reason. */
  readonly signal: AbortSignal;
  /** Removes the signal handlers. */
  dispose(): void;
}

/**
 * Listens for SIGINT (Ctrl-C), SIGTERM and SIGHUP. The caller disposes of the listener.
 *
 * @param message - message of the InterruptedError, printed when the command has ended
 * @param onSecond - called at every signal after the first
 */
export function listenForInterruption(message: string, onSecond: () => void): Interruption {
  const controller = new AbortController();
  const handle = (): void => {
    if (controller.signal.aborted) onSecond();
    else controller.abort(new InterruptedError(message));
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}

/**
 * Waits for `work` or for the abortion of `signal`, whichever comes first.
 *
 * @throws the signal's reason if the signal is aborted first
 */
export function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
