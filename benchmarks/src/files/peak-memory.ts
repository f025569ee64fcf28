/** Interval of the samples, in milliseconds. */
const SAMPLE_MS = 50;

/** The largest resident memory of this process since the last look, above that at the look. */
export class PeakMemory {
  #base = process.memoryUsage.rss();
  #peak = this.#base;

  constructor() {
    setInterval(() => {
      this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
    }, SAMPLE_MS).unref();
  }

  /** Returns the growth in MB, and begins again. */
  take(): number {
    const growth = Math.max(this.#peak, process.memoryUsage.rss()) - this.#base;
    this.#base = process.memoryUsage.rss();
    this.#peak = this.#base;
    return Math.round(growth / 1e6);
  }
}
