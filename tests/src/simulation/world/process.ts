import type { Clock, Timers } from "@sintonia/runtime/clock";
import type { World } from "./world.js";

/** A process of the cluster. All of its timers and received messages pass through `run`. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly #world: World;
  readonly #startMs: number;
  readonly #deaths: (() => void)[] = [];
  #isAlive = true;
  #frozenUntilMs = 0;
  #wallOffsetMs: number;
  /** World time of the last jump of the wall clock. */
  #jumpedMs = 0;

  constructor(world: World, name: string) {
    this.name = name;
    this.#world = world;
    this.#startMs = world.nowMs - world.random.integer(1_000_000);
    this.#wallOffsetMs = 1_700_000_000_000;
    const monotonicMs = (): number => world.nowMs - this.#startMs;
    this.clock = { monotonicMs, wallTime: () => new Date(this.#wallOffsetMs + world.nowMs) };
    this.timers = {
      monotonicMs,
      after: (delayMs, task) => this.after(delayMs, task),
      random: () => world.random.uniform(),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isFrozen(): boolean {
    return this.#world.nowMs < this.#frozenUntilMs;
  }

  /** Time since the end of the last freeze, in milliseconds. */
  get awakeMs(): number {
    return this.#world.nowMs - this.#frozenUntilMs;
  }

  /** Runs a task; a frozen process runs it when it wakes, an ended one never. */
  run(task: () => void): void {
    if (!this.#isAlive) return;
    if (this.isFrozen) this.#world.after(this.#frozenUntilMs - this.#world.nowMs, () => this.run(task));
    else task();
  }

  /** Schedules a task. @returns a function that cancels the task */
  after(delayMs: number, task: () => void): () => void {
    let isCancelled = false;
    const cancel = this.#world.after(delayMs, () =>
      this.run(() => {
        if (!isCancelled) task();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Suspends the process as SIGSTOP does. Its monotonic clock goes on. */
  freeze(ms: number): void {
    this.#world.note(`${this.name} freezes for ${Math.round(ms)} ms`);
    this.#frozenUntilMs = this.#world.nowMs + Math.ceil(ms);
  }

  /** Ends the process as SIGKILL does. */
  kill(reason: string): void {
    if (!this.#isAlive) return;
    this.#world.note(`${this.name} ends: ${reason}`);
    this.#isAlive = false;
    for (const task of this.#deaths) task();
  }

  /** Registers a task of the world outside the process for its end. */
  onDeath(task: () => void): void {
    if (this.#isAlive) this.#deaths.push(task);
    else task();
  }

  jumpWallClock(ms: number): void {
    this.#world.note(`the wall clock of ${this.name} jumps by ${Math.round(ms)} ms`);
    this.#wallOffsetMs += ms;
    this.#jumpedMs = this.#world.nowMs;
  }

  /** Returns the world time at which the wall clock showed a time; undefined if it jumped since. */
  worldMs(wallMs: number): number | undefined {
    // A date has whole milliseconds, as the time of the world, and the offset has not.
    const ms = Math.ceil(wallMs - this.#wallOffsetMs);
    return ms > this.#jumpedMs && ms <= this.#world.nowMs ? ms : undefined;
  }
}
