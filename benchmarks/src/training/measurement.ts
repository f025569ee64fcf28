import { type Engine, type EngineSession, type Examples, freshState } from "@sintonia/training/engine/engine";
import type { OnnxRuntime } from "@sintonia/training/engine/onnx/runtime";
import { type MatrixProducts, matrixProducts } from "./matrix-products.js";
import { type Problem, TRAIN_ROWS, VALIDATION_ROWS } from "./problem.js";

export interface Settings {
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
}

/** What one engine needed. Times are wall time. */
export interface Measurement {
  readonly engine: string;
  readonly description: string;
  readonly steps: number;
  readonly msPerStep: { readonly median: number; readonly mean: number; readonly min: number };
  /** Time of 10,000 rows; for the slow engine scaled up from fewer. */
  readonly validationSeconds: number;
  /** Mean step times the steps of 50,000 rows, and the validation. */
  readonly secondsPerEpoch: number;
  /** For onnx: the step's matrix products alone, timed in turn with the steps. */
  readonly products?: { readonly msMedian: number; readonly stepOverProducts: number };
}

/** Steps and products take turns in blocks, so that other load of the machine falls on both. */
const BLOCK = 10;
/** Plain tfjs needs over a second for a step. */
const SLOW = { steps: 3, warmUpSteps: 1, validationRows: 256 };
const WARM_UP_STEPS = 10;

export async function measure(engine: Engine, problem: Problem, settings: Settings): Promise<Measurement> {
  const slow = engine.name === "tfjs";
  const steps = slow ? Math.min(settings.steps, SLOW.steps) : settings.steps;
  const session = await engine.open(problem.plan, { state: freshState(problem.weights), seed: 23 });
  const products = engine.name === "onnx" ? await onnxProducts(settings) : undefined;
  try {
    const clock = new StepClock(session, problem.train, settings.batch);
    await clock.run(slow ? SLOW.warmUpSteps : WARM_UP_STEPS);
    const times = await inTurns(steps, clock, products);
    const validationSeconds = await timeValidation(session, problem.validation, {
      batch: settings.batch,
      rows: slow ? SLOW.validationRows : VALIDATION_ROWS,
    });
    return summary(engine, { settings, validationSeconds, ...times });
  } finally {
    await session.dispose();
    await products?.dispose();
  }
}

async function onnxProducts(settings: Settings): Promise<MatrixProducts> {
  const runtime = (await import("onnxruntime-node")) as unknown as OnnxRuntime;
  return matrixProducts(runtime, settings);
}

async function inTurns(steps: number, clock: StepClock, products: MatrixProducts | undefined) {
  const [stepMs, productMs]: [number[], number[]] = [[], []];
  for (let done = 0; done < steps; done += BLOCK) {
    const count = Math.min(BLOCK, steps - done);
    stepMs.push(...(await clock.run(count)));
    for (let run = 0; products !== undefined && run < count; run++) productMs.push(await timed(() => products.run()));
  }
  return { stepMs, productMs };
}

/** Trains on rows in an order that jumps through memory as a shuffled epoch does. */
class StepClock {
  readonly #session: EngineSession;
  readonly #examples: Examples;
  readonly #rows: Uint32Array;
  #next = 0;

  constructor(session: EngineSession, examples: Examples, batch: number) {
    this.#session = session;
    this.#examples = examples;
    this.#rows = new Uint32Array(batch);
  }

  /** @returns milliseconds of each step */
  async run(steps: number): Promise<number[]> {
    const times: number[] = [];
    for (let step = 0; step < steps; step++) {
      // 7919 is a prime that does not divide the number of rows, so that every row has its turn.
      for (const index of this.#rows.keys()) this.#rows[index] = (7919 * this.#next++) % this.#examples.count;
      times.push(await timed(() => this.#session.trainBatch(this.#examples, this.#rows, 0.00168)));
    }
    return times;
  }
}

async function timeValidation(
  session: EngineSession,
  validation: Examples,
  { batch, rows }: { readonly batch: number; readonly rows: number },
): Promise<number> {
  const { features, inputs, labels } = validation;
  const part = { count: rows, features, inputs: inputs.subarray(0, rows * features), labels: labels.subarray(0, rows) };
  await session.evaluate(part, batch);
  return ((await timed(() => session.evaluate(part, batch))) / 1000) * (VALIDATION_ROWS / rows);
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function summary(
  engine: Engine,
  measured: {
    readonly settings: Settings;
    readonly stepMs: readonly number[];
    readonly productMs: readonly number[];
    readonly validationSeconds: number;
  },
): Measurement {
  const { settings, stepMs, productMs, validationSeconds } = measured;
  const mean = stepMs.reduce((sum, time) => sum + time, 0) / stepMs.length;
  const median = medianOf(stepMs);
  const secondsPerEpoch = (mean / 1000) * Math.ceil(TRAIN_ROWS / settings.batch) + validationSeconds;
  const products = { msMedian: medianOf(productMs), stepOverProducts: median / medianOf(productMs) };
  return {
    engine: engine.name,
    description: engine.description,
    steps: stepMs.length,
    msPerStep: { median, mean, min: Math.min(...stepMs) },
    validationSeconds,
    secondsPerEpoch,
    ...(productMs.length > 0 ? { products } : {}),
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
