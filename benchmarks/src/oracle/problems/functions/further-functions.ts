// Functions on which no choice of the oracle is based, unlike those of functions.ts. Same sources.

import type { TestFunction } from "../definition/test-function.js";

const SHEKEL_HEIGHTS = [1, 2, 2, 4, 4, 6, 3, 7, 5, 5].map((tenths) => tenths / 10);
/** Centres in the first and third coordinate; SHEKEL_EVEN has the second and fourth. */
const SHEKEL_ODD = [4, 1, 8, 6, 3, 2, 5, 8, 6, 7];
const SHEKEL_EVEN = [4, 1, 8, 6, 7, 9, 3, 1, 2, 3.6];

const SCHWEFEL_EDGE = 500;
const SCHWEFEL_MINIMISER = 420.96874657644923;

/** Functions by name. The digit is the number of coordinates; names without a digit have two. */
export const FURTHER_FUNCTIONS: Readonly<Record<string, TestFunction>> = {
  griewank5: { domain: cube(5, -600, 600), minimum: 0, minimiser: new Array(5).fill(0), value: griewank },
  michalewicz5: {
    domain: cube(5, 0, Math.PI),
    minimum: -4.68765817908815,
    minimiser: [2.2029055203317585, 1.5707963276935817, 1.2849915712073205, 1.9230584699554245, 1.7204697731125427],
    value: michalewicz,
  },
  styblinskitang4: {
    domain: cube(4, -5, 5),
    minimum: -156.66466281508568,
    minimiser: new Array(4).fill(-2.9035340240061283),
    value: (x) => sum(x, (xi) => (xi ** 4 - 16 * xi ** 2 + 5 * xi) / 2),
  },
  camel: {
    domain: [
      [-3, 3],
      [-2, 2],
    ],
    minimum: -1.0316284534898774,
    minimiser: [0.08984200893527233, -0.712656403019058],
    value: camel,
  },
  goldsteinprice: { domain: cube(2, -2, 2), minimum: 3, minimiser: [0, -1], value: goldsteinPrice },
  shekel4: {
    domain: cube(4, 0, 10),
    minimum: -10.53644315348353,
    minimiser: [4.000746867869747, 3.9995094850576276, 4.000746868809279, 3.999509480017675],
    value: shekel,
  },
  dixonprice4: {
    domain: cube(4, -10, 10),
    minimum: 0,
    minimiser: [1, 2, 3, 4].map((i) => 2 ** (2 ** (1 - i) - 1)),
    value: (x) => (at(x, 0) - 1) ** 2 + sum(x.slice(1), (xi, i) => (i + 2) * (2 * xi ** 2 - at(x, i)) ** 2),
  },
  zakharov4: { domain: cube(4, -5, 10), minimum: 0, minimiser: new Array(4).fill(0), value: zakharov },
  schwefel4: {
    domain: cube(4, -SCHWEFEL_EDGE, SCHWEFEL_EDGE),
    minimum: 4 * schwefelTerm(SCHWEFEL_MINIMISER),
    minimiser: new Array(4).fill(SCHWEFEL_MINIMISER),
    value: (x) => sum(x, schwefelTerm),
  },
};

function cube(d: number, min: number, max: number): [number, number][] {
  return Array.from({ length: d }, () => [min, max]);
}

function griewank(x: readonly number[]): number {
  const product = x.reduce((all, xi, i) => all * Math.cos(xi / Math.sqrt(i + 1)), 1);
  return sum(x, (xi) => xi * xi) / 4000 - product + 1;
}

function michalewicz(x: readonly number[]): number {
  return -sum(x, (xi, i) => Math.sin(xi) * Math.sin(((i + 1) * xi * xi) / Math.PI) ** 20);
}

function camel(x: readonly number[]): number {
  const [a, b] = x as [number, number];
  return (4 - 2.1 * a ** 2 + a ** 4 / 3) * a ** 2 + a * b + (4 * b ** 2 - 4) * b ** 2;
}

function goldsteinPrice(x: readonly number[]): number {
  const [a, b] = x as [number, number];
  const first = 1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a ** 2 - 14 * b + 6 * a * b + 3 * b ** 2);
  const second = 30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a ** 2 + 48 * b - 36 * a * b + 27 * b ** 2);
  return first * second;
}

function shekel(x: readonly number[]): number {
  return -sum(SHEKEL_HEIGHTS, (height, i) => {
    const square = sum(x, (xi, j) => (xi - at(j % 2 === 0 ? SHEKEL_ODD : SHEKEL_EVEN, i)) ** 2);
    return 1 / (square + height);
  });
}

function zakharov(x: readonly number[]): number {
  const slope = sum(x, (xi, i) => ((i + 1) * xi) / 2);
  return sum(x, (xi) => xi * xi) + slope ** 2 + slope ** 4;
}

/**
 * Returns the term of one coordinate. Outside the domain the function would decrease further, so it
 * increases linearly from its value at the bound.
 */
function schwefelTerm(x: number): number {
  const inside = Math.min(SCHWEFEL_EDGE, Math.max(-SCHWEFEL_EDGE, x));
  return Math.abs(x - inside) - inside * Math.sin(Math.sqrt(Math.abs(inside)));
}

function sum(values: readonly number[], term: (value: number, index: number) => number): number {
  return values.reduce((total, value, i) => total + term(value, i), 0);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
