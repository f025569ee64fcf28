import { KERNELS_BASE64 } from "./kernels.generated.js";

/**
 * The compute kernels of assembly/kernels.ts, where each is described.
 *
 * Tensors are given by `count`, their number of values, and by addresses: bytes from the start of
 * the memory, multiples of 16. All other numbers are rounded to float32.
 */
export interface Kernels {
  adam(
    count: number,
    weights: number,
    gradient: number,
    momentum: number,
    velocity: number,
    alpha: number,
    oneMinusBeta1: number,
    oneMinusBeta2: number,
    epsilon: number,
    decay: number,
  ): void;
  sgd(
    count: number,
    weights: number,
    gradient: number,
    momentum: number,
    learningRate: number,
    mu: number,
    nesterov: boolean,
  ): void;
  rmsprop(
    count: number,
    weights: number,
    gradient: number,
    velocity: number,
    average: number,
    momentum: number,
    learningRate: number,
    rho: number,
    oneMinusRho: number,
    epsilon: number,
    mu: number,
  ): void;
  scale(count: number, values: number, factor: number): void;
  squareSum(count: number, values: number): number;
  absoluteSum(count: number, values: number): number;
  addPenaltyGradient(count: number, weights: number, gradient: number, l1: number, twiceL2: number): void;
  dropoutMask(
    count: number,
    mask: number,
    a: number,
    b: number,
    c: number,
    d: number,
    dropped: number,
    kept: number,
  ): void;
  movingAverage(count: number, average: number, value: number, share: number, oneMinusShare: number): void;
}

/** Address that stands for an absent tensor. */
export const NONE = 0;

let compiled: WebAssembly.Module | undefined;

/** Instantiates the kernels over a memory. */
export function kernelsOver(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(Buffer.from(KERNELS_BASE64, "base64"));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as Kernels;
}
