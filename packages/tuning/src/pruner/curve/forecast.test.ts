import assert from "node:assert/strict";
import { test } from "node:test";
import { exceedance } from "./forecast.js";
import type { Moment } from "./moments.js";

const moments = (...rows: readonly (readonly [best: number, progress: number, gain: number])[]): Moment[] =>
  rows.map(([best, progress, gain]) => ({ best, progress, final: best + gain }));

// Gains that are twice the progress, and gains that are 0.2 whatever the progress.
const PROGRESSES = [0.1, 0.05, 0.15, 0.2, 0.12, 0.08, 0.18, 0.03, 0.14, 0.07, 0.11, 0.16];
const IN_PROPORTION = moments(...PROGRESSES.map((progress, r) => [0.5 + r * 0.001, progress, 2 * progress] as const));
const EQUAL = moments(...PROGRESSES.map((progress, r) => [0.5 + r * 0.001, progress, 0.2] as const));

test("trusts the predictor that was right about the completed trials", () => {
  const question = { moment: { best: 0.5, progress: 0.02 }, noise: 0.001, spread: 0.001 };
  const reach = (references: Moment[], target: number) => exceedance({ ...question, references, target });
  assert.ok(reach(IN_PROPORTION, 0.65) < 0.02, `${reach(IN_PROPORTION, 0.65)}`);
  assert.ok(reach(EQUAL, 0.65) > 0.9, `${reach(EQUAL, 0.65)}`);
});

test("falls as the target rises", () => {
  const at = (target: number) =>
    exceedance({ moment: { best: 0.5, progress: 0.1 }, references: EQUAL, target, noise: 0.01, spread: 0.01 });
  const chances = [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 2].map(at);
  assert.deepEqual(
    chances,
    chances.toSorted((a, b) => b - a),
  );
  assert.ok((chances[0] as number) > 0.95 && (chances.at(-1) as number) < 0.01, chances.join());
});

test("is less sure with fewer completed trials", () => {
  const chance = (count: number) =>
    exceedance({
      moment: { best: 0.5, progress: 0.1 },
      references: moments(...Array.from({ length: count }, (_, r) => [0.5 + r * 1e-4, 0.1, 0.2] as const)),
      target: 0.8,
      noise: 0.01,
      spread: 0.01,
    });
  assert.ok(chance(1) > chance(3) && chance(3) > chance(30), `${chance(1)} ${chance(3)} ${chance(30)}`);
});

test("stays a probability for any moments", () => {
  const references = moments([0, 0, 0], [0, 0, 0], [1e300, 1e299, 1e300], [-1e300, 0, 1]);
  for (const target of [1e-300, 1, 1e300]) {
    for (const noise of [0, 1e-300, 1]) {
      const chance = exceedance({ moment: { best: 0, progress: 0 }, references, target, noise, spread: noise });
      assert.ok(chance >= 0 && chance <= 1, `${target} ${noise} ${chance}`);
    }
  }
});
