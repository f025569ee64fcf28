import { openSync, readSync } from "node:fs";

const CAPACITY = 1_000_000;
const SPACE = 32;
const ZERO = 48;
const NANOSECONDS = 1e-6;

/**
 * Measures each turn of a timer on the main thread, by the clock and by the thread accounting of
 * Linux. Allocates almost no memory during the measurement, because garbage collections would
 * distort it.
 */
export class Turns {
  /** Wall time of each turn, in milliseconds. */
  readonly #clock = new Float64Array(CAPACITY);
  /** Time of each turn in which the thread ran, in milliseconds. */
  readonly #busy = new Float64Array(CAPACITY);
  /** Time of each turn in which the thread was ready but waited for a core, in milliseconds. */
  readonly #waited = new Float64Array(CAPACITY);
  /** The id of the main thread is the id of the process. */
  readonly #file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  readonly #text = Buffer.alloc(128);
  readonly #last = new Float64Array(3);
  #count = 0;

  begin(): void {
    this.#count = -1;
    this.note();
  }

  /** Ends the current turn and starts the next. */
  note(): void {
    const length = readSync(this.#file, this.#text, 0, this.#text.length, 0);
    const end = this.#text.indexOf(SPACE);
    const now = [performance.now(), this.#number(0, end), this.#number(end + 1, length)] as const;
    if (this.#count >= 0 && this.#count < CAPACITY) {
      this.#clock[this.#count] = now[0] - (this.#last[0] as number);
      this.#busy[this.#count] = now[1] - (this.#last[1] as number);
      this.#waited[this.#count] = now[2] - (this.#last[2] as number);
    }
    this.#last.set(now);
    this.#count++;
  }

  /**
   * Returns the delay of each turn beyond the timer's interval, without waits for a core, in
   * milliseconds.
   */
  held(timerMs: number): number[] {
    return this.#turns((i) => Math.max(0, (this.#clock[i] as number) - (this.#waited[i] as number) - timerMs));
  }

  /** Returns the processor time of each turn, in milliseconds. */
  busy(): number[] {
    return this.#turns((i) => this.#busy[i] as number);
  }

  #turns(value: (turn: number) => number): number[] {
    return Array.from({ length: Math.min(this.#count, CAPACITY) }, (_, i) => value(i));
  }

  /** Parses a number of nanoseconds at a position and returns milliseconds. */
  #number(start: number, end: number): number {
    let value = 0;
    for (let i = start; i < end; i++) {
      const digit = (this.#text[i] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
    return value * NANOSECONDS;
  }
}
