import type { FaultRepeats } from "../contract/file-source.js";

/**
 * The number of repeats after each kind of fault. With the delays between them, twelve take half a
 * minute to a minute, the time of a restart.
 */
const REPEATS: Readonly<Record<FaultRepeats, number>> = {
  unlimited: Number.POSITIVE_INFINITY,
  some: 12,
  one: 1,
  none: 0,
};

/** Bytes of progress after which faults that may pass count from the beginning. */
const PROGRESS_BYTES = 2 ** 20;

/** Decides about the repeats of one file's download. */
export class Repetition {
  readonly #counts = new Map<FaultRepeats, number>();
  readonly #someMax: number;
  #progressBytes = 0;

  /** @param someMax - repeats after faults that may pass */
  constructor(someMax = REPEATS.some) {
    this.#someMax = someMax;
  }

  /** Notes bytes that arrived. */
  note(bytes: number): void {
    this.#progressBytes += bytes;
    if (this.#progressBytes < PROGRESS_BYTES) return;
    this.#progressBytes = 0;
    this.#counts.delete("some");
  }

  /** Tells after a fault whether to repeat the download. */
  mayRepeat(repeats: FaultRepeats): boolean {
    const count = (this.#counts.get(repeats) ?? 0) + 1;
    this.#counts.set(repeats, count);
    return count <= (repeats === "some" ? this.#someMax : REPEATS[repeats]);
  }
}
