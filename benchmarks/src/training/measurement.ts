import { type Examples, rowsOf } from "@sintonia/training/dataset/examples";
import { type Engine, type EngineSession, freshState } from "@sintonia/training/engine/contract/engine";
import type { OnnxRuntime } from "@sintonia/training/engine/onnx/runtime";
import { type MatrixProducts, matrixProducts } from "./matrix-products.js";
import { type Problem, problemOf, type RandomData, type Size, TRAIN_ROWS, VALIDATION_ROWS } from "./problem.js";
import { medianOf, StepClock, timed, timeInTurns } from "./step-clock.js";

export interface Settings extends Size {
  readonly steps: number;
}

/** Measurements of one engine, in wall time. */
export interface Measurement {
  readonly engine: string;
  readonly description: string;
  readonly steps: number;
  readonly msPerStep: { readonly median: number; readonly mean: number; readonly min: number };
  /** Seconds for a validation on 10,000 rows; scaled up from fewer rows for the slow engine. */
  readonly validationSeconds: number;
  /** Mean step time times the steps of 50,000 rows, plus the validation, in seconds. */
  readonly secondsPerEpoch: number;
  /**
   * Milliseconds for initial weights, opening and the first step: of the first trial, and the
   * median of later trials.
   */
  readonly msToStart: { readonly first: number; readonly median: number };
  /**
   * Median time of the step's matrix products alone, measured alternately with the steps; only for
   * onnx.
   */
  readonly msOfProducts?: number;
  /** Median of the products divided by the median of the steps. */
  readonly productsOverStep?: number;
}

const WARM_UP_STEPS = 10;
const STARTS = 5;
/** Plain tfjs needs more than a second for a step. */
const SLOW = { steps: 3, warmUpSteps: 1, validationRows: 256, starts: 2 };

export async function measure(engine: Engine, data: RandomData, settings: Settings): Promise<Measurement> {
  const slow = engine.name === "tfjs";
  const msToStart = await timeStarts(engine, data.train, settings, slow ? SLOW.starts : STARTS);
  const session = await openProblem(engine, problemOf(settings));
  const products = engine.name === "onnx" ? await onnxProducts(settings) : undefined;
  try {
    const clock = new StepClock(session, data.train, settings.batch);
    for (let step = 0; step < (slow ? SLOW.warmUpSteps : WARM_UP_STEPS); step++) await clock.step();
    const times = await timeInTurns(clock, products, { steps: slow ? SLOW.steps : settings.steps });
    const rows = slow ? SLOW.validationRows : VALIDATION_ROWS;
    const validationSeconds = await timeValidation(session, data.validation, { batch: settings.batch, rows });
    const { name, description } = engine;
    return {
      engine: name,
      description,
      ...stepFigures(times.step, settings, validationSeconds),
      msToStart,
      ...productFigures(times),
    };
  } finally {
    await session.dispose();
    await products?.dispose();
  }
}

/** Matrix products as ONNX Runtime computes them. */
export async function onnxProducts(size: Size): Promise<MatrixProducts> {
  const runtime = (await import("onnxruntime-node")) as unknown as OnnxRuntime;
  return matrixProducts(runtime, size);
}

export function openProblem(engine: Engine, { plan, weights }: Problem): Promise<EngineSession> {
  return engine.open(plan, { state: freshState(weights), seed: 23 });
}

async function timeStarts(engine: Engine, examples: Examples, size: Size, starts: number) {
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    let session: EngineSession | undefined;
    const begin = async (): Promise<void> => {
      session = await openProblem(engine, problemOf(size));
      await new StepClock(session, examples, size.batch).step();
    };
    times.push(await timed(begin));
    await session?.dispose();
  }
  const [first = Number.NaN, ...others] = times;
  return { first, median: medianOf(others) };
}

async function timeValidation(
  session: EngineSession,
  examples: Examples,
  { batch, rows }: { readonly batch: number; readonly rows: number },
): Promise<number> {
  const part = rowsOf(examples, [0, rows], "random");
  await session.evaluate(part, batch);
  return ((await timed(() => session.evaluate(part, batch))) / 1000) * (VALIDATION_ROWS / rows);
}

function stepFigures(times: readonly number[], { batch }: Size, validationSeconds: number) {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return {
    steps: times.length,
    msPerStep: { median: medianOf(times), mean, min: Math.min(...times) },
    validationSeconds,
    secondsPerEpoch: (mean / 1000) * Math.ceil(TRAIN_ROWS / batch) + validationSeconds,
  };
}

function productFigures({
  step,
  products,
}: {
  readonly step: readonly number[];
  readonly products: readonly number[];
}) {
  if (products.length === 0) return {};
  return { msOfProducts: medianOf(products), productsOverStep: medianOf(products) / medianOf(step) };
}
