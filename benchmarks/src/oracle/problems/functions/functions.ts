// Functions with a known minimum, on their usual domains (Surjanovic, Bingham, Virtual Library of
// Simulation Experiments). All are defined on the whole space, so that they can be shifted.

import type { TestFunction } from "../definition/test-function.js";
import { HARTMANN_3, HARTMANN_6, HARTMANN_WEIGHTS, type Hartmann } from "./hartmann.js";

/** The functions by name. The digit is the number of coordinates. */
export const FUNCTIONS: Readonly<Record<string, TestFunction>> = {
  branin: {
    domain: [
      [-5, 10],
      [0, 15],
    ],
    minimum: 0.39788735772973816,
    minimiser: [Math.PI, 2.275],
    value: branin,
  },
  hartmann3: {
    domain: cube(3, 0, 1),
    minimum: HARTMANN_3.minimum,
    minimiser: [0.114588509, 0.5556488924, 0.8525470222],
    value: (x) => hartmann(x, HARTMANN_3),
  },
  hartmann6: {
    domain: cube(6, 0, 1),
    minimum: HARTMANN_6.minimum,
    minimiser: [0.20168951, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730053],
    value: (x) => hartmann(x, HARTMANN_6),
  },
  ackley5: { domain: cube(5, -32.768, 32.768), minimum: 0, minimiser: new Array(5).fill(0), value: ackley },
  rosenbrock4: { domain: cube(4, -5, 10), minimum: 0, minimiser: new Array(4).fill(1), value: rosenbrock },
  levy4: { domain: cube(4, -10, 10), minimum: 0, minimiser: new Array(4).fill(1), value: levy },
  rastrigin4: { domain: cube(4, -5.12, 5.12), minimum: 0, minimiser: new Array(4).fill(0), value: rastrigin },
};

function cube(d: number, min: number, max: number): [number, number][] {
  return Array.from({ length: d }, () => [min, max]);
}

function branin(x: readonly number[]): number {
  const [a, b] = x as [number, number];
  const valley = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
  return valley * valley + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10;
}

function hartmann(x: readonly number[], { scales, centres }: Hartmann): number {
  return -sum(HARTMANN_WEIGHTS, (weight, i) => {
    const centre = centres[i] as number[];
    return weight * Math.exp(-sum(scales[i] as number[], (scale, j) => scale * (at(x, j) - at(centre, j)) ** 2));
  });
}

function ackley(x: readonly number[]): number {
  const square = sum(x, (xi) => xi * xi) / x.length;
  const wave = sum(x, (xi) => Math.cos(2 * Math.PI * xi)) / x.length;
  return 20 * (1 - Math.exp(-0.2 * Math.sqrt(square))) + Math.E - Math.exp(wave);
}

function rosenbrock(x: readonly number[]): number {
  return sum(x.slice(1), (next, i) => 100 * (next - at(x, i) ** 2) ** 2 + (1 - at(x, i)) ** 2);
}

function levy(x: readonly number[]): number {
  const w = x.map((xi) => 1 + (xi - 1) / 4);
  const last = w.at(-1) as number;
  const middle = sum(w.slice(0, -1), (wi) => (wi - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * wi + 1) ** 2));
  return Math.sin(Math.PI * at(w, 0)) ** 2 + middle + (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2);
}

function rastrigin(x: readonly number[]): number {
  return sum(x, (xi) => xi * xi + 10 * (1 - Math.cos(2 * Math.PI * xi)));
}

function sum(values: readonly number[], term: (value: number, index: number) => number): number {
  return values.reduce((total, value, i) => total + term(value, i), 0);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
