/** A signal that is aborted with one of two others. */
export interface EitherSignal {
  readonly signal: AbortSignal;
  /** Lets go of the two. */
  release(): void;
}

/**
 * Returns a signal that is aborted with one of two, for work that one of them outlasts. Node keeps
 * a signal of AbortSignal.any, and all that listens to it, as long as its sources.
 */
export function eitherOf(one: AbortSignal, other: AbortSignal): EitherSignal {
  const either = new AbortController();
  const sources = [one, other];
  const abort = (): void => either.abort(sources.find(({ aborted }) => aborted)?.reason);
  for (const source of sources) source.addEventListener("abort", abort);
  if (one.aborted || other.aborted) abort();
  const release = (): void => {
    for (const source of sources) source.removeEventListener("abort", abort);
  };
  return { signal: either.signal, release };
}
