import assert from "node:assert/strict";
import { test } from "node:test";
import { studentMargin, studentTail } from "./student-distribution.js";

test("agrees with a published table of quantiles to its three decimals", () => {
  // Abramowitz, Stegun, table 26.10, column 0.95 (two-sided).
  const table = [
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [5, 2.571],
    [6, 2.447],
    [9, 2.262],
    [10, 2.228],
    [29, 2.045],
    [30, 2.042],
    [60, 2.0],
    [120, 1.98],
  ] as const;
  for (const [degrees, quantile] of table) {
    assert.ok(
      Math.abs(studentMargin(0.95, degrees) - quantile) <= 5.001e-4,
      `${degrees}: ${studentMargin(0.95, degrees)}`,
    );
  }
});

test("agrees with the closed forms for one and two degrees of freedom", () => {
  for (const share of [0.1, 0.5, 0.95, 0.99]) {
    const cauchy = Math.tan((Math.PI / 2) * share);
    // For large t, s is near 1: the relative error of t is t² / ν times the rounding error of s.
    assert.ok(Math.abs(studentMargin(share, 1) / cauchy - 1) < 1e-11);
    const two = share * Math.sqrt(2 / (1 - share * share));
    assert.ok(Math.abs(studentMargin(share, 2) / two - 1) < 1e-11);
  }
});

test("the tail is the inverse of the margin, on both sides", () => {
  for (const degrees of [1, 2, 5, 10, 101]) {
    for (const share of [0.2, 0.9, 0.98, 0.9998]) {
      const margin = studentMargin(share, degrees);
      assert.ok(Math.abs(studentTail(margin, degrees) / ((1 - share) / 2) - 1) < 1e-9, `${degrees} ${share}`);
      assert.ok(Math.abs(studentTail(-margin, degrees) - (1 + share) / 2) < 1e-12);
    }
  }
});

test("the tail stays a probability far out", () => {
  for (const degrees of [1, 8]) {
    assert.equal(studentTail(0, degrees), 0.5);
    assert.equal(studentTail(1e200, degrees), 0);
    assert.equal(studentTail(-1e200, degrees), 1);
    assert.equal(studentTail(Number.POSITIVE_INFINITY, degrees), 0);
  }
});
