import { InterruptedError } from "../commands/failure.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A person's or the system's wish to end the command. */
export interface Interruption {
  /** Aborted at the first signal, with an InterruptedError as the reason. */
  readonly signal: AbortSignal;
  /** Takes the handlers away. */
  dispose(): void;
}

/**
 * Listens for Ctrl-C and its like.
 *
 * @param message - what the person is told when the command has ended
 * @param onSecond - called at every further signal
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

/** Waits for `work`, but not longer than the signal stays quiet. @throws the signal's reason */
export function untilInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
