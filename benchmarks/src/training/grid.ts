import type { Engine } from "@sintonia/training/engine/contract/engine";
import { operationsOf, weightsOf } from "./matrix-products.js";
import { onnxProducts, openProblem } from "./measurement.js";
import { FEATURES, problemOf, type RandomData, type Size } from "./problem.js";
import { medianOf, StepClock, timeInTurns } from "./step-clock.js";

/** Measurement of a training step of one size. */
export interface GridCell extends Size {
  readonly msPerStep: number;
  /** Milliseconds of the matrix products alone. */
  readonly msOfProducts?: number;
  readonly productsOverStep?: number;
  /** Billions of multiplications and additions per second of the products. */
  readonly productsGflops?: number;
  /** Number of weights and biases: the values that the optimizer updates in each step. */
  readonly weights: number;
  /** Nanoseconds of a step beyond its products, for each weight and each unit of the batch. */
  readonly nsPerValueOfRest?: number;
}

const BASE: Size = { batch: 256, hidden: 800, layers: 1 };

/**
 * Sizes that vary one dimension of the lab sheet's size, and the extreme sizes that fit into
 * memory.
 */
export const GRID: readonly Size[] = [
  ...[16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map((batch) => ({ ...BASE, batch })),
  ...[1, 4, 16, 64, 256, 1000, 1024, 2048, 4096].map((hidden) => ({ ...BASE, hidden })),
  ...[0, 2, 4, 8].map((layers) => ({ ...BASE, layers })),
  ...[16, 4096].flatMap((batch) => [1, 64, 4096].map((hidden) => ({ batch, hidden, layers: 1 }))),
  ...[1, 64].map((hidden) => ({ batch: 256, hidden, layers: 8 })),
  { batch: 16, hidden: 4096, layers: 2 },
];

const WARM_UP_STEPS = 3;
const STEPS_MAX = 300;
const CELL_MS = 1500;

/** Measures a step of one size. */
export async function measureCell(engine: Engine, { train }: RandomData, size: Size): Promise<GridCell> {
  const session = await openProblem(engine, problemOf(size));
  const products = engine.name === "onnx" ? await onnxProducts(size) : undefined;
  try {
    const clock = new StepClock(session, train, size.batch);
    for (let step = 0; step < WARM_UP_STEPS; step++) await clock.step();
    const times = await timeInTurns(clock, products, { steps: STEPS_MAX, timeMs: CELL_MS });
    const msPerStep = medianOf(times.step);
    const cell = { ...size, msPerStep, weights: weightsOf(size) };
    return products === undefined ? cell : { ...cell, ...productColumns(size, msPerStep, medianOf(times.products)) };
  } finally {
    await session.dispose();
    await products?.dispose();
  }
}

function productColumns(size: Size, msPerStep: number, msOfProducts: number) {
  const values = weightsOf(size) + size.batch * (FEATURES + size.hidden * size.layers);
  return {
    msOfProducts,
    productsOverStep: msOfProducts / msPerStep,
    productsGflops: operationsOf(size) / msOfProducts / 1e6,
    nsPerValueOfRest: ((msPerStep - msOfProducts) * 1e6) / values,
  };
}
