import type { Examples } from "@sintonia/training/dataset/examples";
import type { EngineSession } from "@sintonia/training/engine/contract/engine";
import type { MatrixProducts } from "./matrix-products.js";

/** Trains on rows in an order that jumps through memory as a shuffled epoch does. */
export class StepClock {
  readonly #session: EngineSession;
  readonly #examples: Examples;
  readonly #rows: Uint32Array;
  #next = 0;

  constructor(session: EngineSession, examples: Examples, batch: number) {
    this.#session = session;
    this.#examples = examples;
    this.#rows = new Uint32Array(batch);
  }

  /** Executes one step. @returns its wall time in milliseconds */
  step(): Promise<number> {
    // 7919 is a prime that does not divide the number of rows, so that every row is used.
    for (const index of this.#rows.keys()) this.#rows[index] = (7919 * this.#next++) % this.#examples.count;
    return timed(() => this.#session.trainBatch(this.#examples, this.#rows, 0.00168));
  }
}

/** Milliseconds of each run. */
export interface Times {
  readonly step: readonly number[];
  readonly products: readonly number[];
}

/** Limits of a measurement: a number of steps, or a time in ms with a minimum of steps. */
export interface Limit {
  readonly steps: number;
  readonly timeMs?: number;
}

/**
 * Number of alternating blocks of steps and products. Alternation distributes other load of the
 * machine over both.
 */
const BLOCK = 5;

/** Measures steps alternately with their products. */
export async function timeInTurns(
  clock: StepClock,
  products: MatrixProducts | undefined,
  limit: Limit,
): Promise<Times> {
  const times = { step: [] as number[], products: [] as number[] };
  const start = performance.now();
  const isOver = (): boolean =>
    times.step.length >= limit.steps || (limit.timeMs !== undefined && performance.now() - start > limit.timeMs);
  do {
    const count = Math.min(BLOCK, limit.steps - times.step.length);
    for (let run = 0; run < count; run++) times.step.push(await clock.step());
    for (let run = 0; products !== undefined && run < count; run++) {
      times.products.push(await timed(() => products.run()));
    }
  } while (!isOver());
  return times;
}

/** Measures the wall time of an action in milliseconds. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
