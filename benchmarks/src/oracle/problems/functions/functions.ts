// Functions with a known minimum, on their usual domains (Surjanovic, Bingham, Virtual Library of
// Simulation Experiments). All are defined on the whole space, so that they can be shifted.

import type { TestFunction } from "../definition/test-function.js";

const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];

const HARTMANN_3 = {
  scales: [
    [3, 10, 30],
    [0.1, 10, 35],
    [3, 10, 30],
    [0.1, 10, 35],
  ],
  centres: [
    [0.3689, 0.117, 0.2673],
    [0.4699, 0.4387, 0.747],
    [0.1091, 0.8732, 0.5547],
    [0.0381, 0.5743, 0.8828],
  ],
};

const HARTMANN_6 = {
  scales: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  centres: [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ],
};

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
    minimum: -3.862779787332449,
    minimiser: [0.114588509, 0.5556488924, 0.8525470222],
    value: (x) => hartmann(x, HARTMANN_3),
  },
  hartmann6: {
    domain: cube(6, 0, 1),
    minimum: -3.322368011415512,
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

function hartmann(x: readonly number[], { scales, centres }: typeof HARTMANN_3): number {
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
