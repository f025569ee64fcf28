import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../random/random.js";
import { signedRankTest } from "./signed-rank-test.js";

test("is the share of all choices of signs whose statistic is at least the observed one", () => {
  const random = createRandom(1);
  for (let sample = 0; sample < 60; sample++) {
    const digits = sample % 2 === 0 ? 100 : 2;
    const differences = Array.from({ length: 1 + (sample % 10) }, () => Math.round(random.normal() * digits) / digits);
    assert.ok(Math.abs(signedRankTest(differences) - enumerated(differences)) < 1e-12, JSON.stringify(differences));
  }
});

test("has the value of Wilcoxon's table: for 8 pairs, a negative rank sum of 3 has p = 0.0195", () => {
  const p = signedRankTest([-1, -2, 3, 4, 5, 6, 7, 8]);
  assert.ok(Math.abs(p - 0.0195) < 5e-5, `${p}`);
});

test("p-values of differences and of their opposites are complementary in the normal approximation", () => {
  const random = createRandom(2);
  const differences = Array.from({ length: 60 }, () => random.normal());
  const [p, opposite] = [signedRankTest(differences), signedRankTest(differences.map((d) => -d))];
  assert.ok(Math.abs(p + opposite - 1) < 1e-12);
});

test("zeros are no evidence", () => {
  assert.equal(signedRankTest([0, 0, 0]), 1);
  assert.equal(signedRankTest(new Array(20).fill(0)), 0.5);
});

/** Returns the p-value by its definition: 2^n choices of signs, in doubled ranks. */
function enumerated(differences: readonly number[]): number {
  const below = (d: number) => differences.filter((other) => Math.abs(other) < Math.abs(d)).length;
  const upTo = (d: number) => differences.filter((other) => Math.abs(other) <= Math.abs(d)).length;
  const ranks = differences.map((d) => below(d) + upTo(d) + 1);
  const statistic = (signs: readonly number[]) =>
    ranks.reduce((sum, r, i) => sum + (differences[i] === 0 ? r / 2 : (signs[i] as number) > 0 ? r : 0), 0);
  const observed = statistic(differences);
  let count = 0;
  for (let choice = 0; choice < 2 ** ranks.length; choice++) {
    if (statistic(ranks.map((_, i) => ((choice >> i) & 1) * 2 - 1)) >= observed) count++;
  }
  return count / 2 ** ranks.length;
}
