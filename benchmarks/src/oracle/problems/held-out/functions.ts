// Smooth functions with one valley: spherical, elongated or curved. Usual domains (Surjanovic,
// Bingham, Virtual Library of Simulation Experiments; Jamil, Yang, A literature survey of benchmark
// functions, 2013).

import type { TestFunction } from "../definition/test-function.js";

/** Functions by name. The digit is the number of coordinates. */
export const SMOOTH_FUNCTIONS: Readonly<Record<"sphere6" | "trid6" | "powell4" | "colville4", TestFunction>> = {
  sphere6: {
    domain: cube(6, -5.12, 5.12),
    minimum: 0,
    minimiser: new Array(6).fill(0),
    value: (x) => x.reduce((sum, xi) => sum + xi * xi, 0),
  },
  trid6: { domain: cube(6, -36, 36), minimum: -50, minimiser: [6, 10, 12, 12, 10, 6], value: trid },
  powell4: { domain: cube(4, -4, 5), minimum: 0, minimiser: new Array(4).fill(0), value: powell },
  colville4: { domain: cube(4, -10, 10), minimum: 0, minimiser: new Array(4).fill(1), value: colville },
};

function cube(d: number, min: number, max: number): [number, number][] {
  return Array.from({ length: d }, () => [min, max]);
}

function trid(x: readonly number[]): number {
  return x.reduce((sum, xi, i) => sum + (xi - 1) ** 2 - (i > 0 ? xi * (x[i - 1] as number) : 0), 0);
}

function powell(x: readonly number[]): number {
  const [a, b, c, d] = x as [number, number, number, number];
  return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4;
}

function colville(x: readonly number[]): number {
  const [a, b, c, d] = x as [number, number, number, number];
  const first = 100 * (a * a - b) ** 2 + (a - 1) ** 2;
  const second = 90 * (c * c - d) ** 2 + (c - 1) ** 2;
  return first + second + 10.1 * ((b - 1) ** 2 + (d - 1) ** 2) + 19.8 * (b - 1) * (d - 1);
}
