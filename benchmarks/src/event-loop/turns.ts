import { openSync, readSync } from "node:fs";

const CAPACITY = 1_000_000;
const SPACE = 32;
const ZERO = 48;
const NANOSECONDS = 1e-6;

/**
 * What passed from one turn of a timer to the next on the main thread, by the clock and by Linux's accounts of the thread. Takes hardly
 * any memory while it measures, since garbage would hold up what it looks at.
 */
export class Turns {
  /** In milliseconds. */
  readonly #clock = new Float64Array(CAPACITY);
  /** It had a core. */
  readonly #busy = new Float64Array(CAPACITY);
  /** It could have gone on, and waited for a core. */
  readonly #waited = new Float64Array(CAPACITY);
  /** The main thread's id is the process's. */
  readonly #file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
  readonly #text = Buffer.alloc(128);
  readonly #last = new Float64Array(3);
  #count = 0;

  begin(): void {
    this.#count = -1;
    this.note();
  }

  /** A turn ends and the next begins. */
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

  /** How much longer turns were than the timer's time, but for what they waited for a core, in milliseconds. */
  held(timerMs: number): number[] {
    return this.#turns((i) => Math.max(0, (this.#clock[i] as number) - (this.#waited[i] as number) - timerMs));
  }

  /** Processor time of the turns, in milliseconds. */
  busy(): number[] {
    return this.#turns((i) => this.#busy[i] as number);
  }

  #turns(value: (turn: number) => number): number[] {
    return Array.from({ length: Math.min(this.#count, CAPACITY) }, (_, i) => value(i));
  }

  /** A number of nanoseconds that begins there, in milliseconds. */
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
