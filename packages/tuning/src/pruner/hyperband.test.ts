import assert from "node:assert/strict";
import { test } from "node:test";
import { curveOf, requestOf } from "./curves.fixture.js";
import { hyperbandBrackets } from "./halving/hyperband-brackets.js";
import { createPruner } from "./registry.js";

test("has the brackets of Li et al. 2018: for 81 epochs and factor 3 those of its table 1", () => {
  const { brackets } = hyperbandBrackets(81, 1, 3);
  assert.deepEqual(
    brackets.map(({ rungs }) => rungs),
    [[], [27], [9, 27], [3, 9, 27], [1, 3, 9, 27]],
  );
});

test("rounds the epochs of rungs, and starts no rung before minEpochs", () => {
  const rungs = (...args: Parameters<typeof hyperbandBrackets>) => hyperbandBrackets(...args).brackets.at(-1)?.rungs;
  assert.deepEqual(rungs(100, 1, 3), [1, 4, 11, 33]);
  assert.deepEqual(rungs(100, 2, 3), [4, 11, 33]);
  assert.deepEqual(rungs(1, 1, 3), []);
  assert.deepEqual(rungs(2, 5, 3), []);
});

test("shares trials out to brackets in proportion to Hyperband's numbers, early on too", () => {
  const { brackets, bracketOf } = hyperbandBrackets(81, 1, 3);
  const sizes = [5, 8, 15, 34, 81];
  for (const count of [20, 143, 1_430]) {
    const found = brackets.map(() => 0);
    for (let number = 0; number < count; number++) (found[bracketOf(number).number as number] as number) += 1;
    for (const [s, size] of sizes.entries()) {
      // A run of trials has at most about log(count) trials of a bracket too many or too few.
      assert.ok(Math.abs((found[s] as number) - (size / 143) * count) < 3, `bracket ${s} of ${count}: ${found}`);
    }
  }
});

test("compares a trial with trials of its bracket only", () => {
  const pruner = createPruner({ type: "hyperband", minEpochs: 1, reductionFactor: 2, maxEpochs: 4 });
  const { bracketOf } = hyperbandBrackets(4, 1, 2);
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const [mine, other] = [2, 1].map((s) => numbers.filter((number) => bracketOf(number).number === s)) as [
    number[],
    number[],
  ];
  const trial = (value: number) => curveOf(mine[0] as number, "running", [value]);
  const strangers = other.map((number) => curveOf(number, "paused", [0.9, 0.9]));
  assert.equal(pruner.judge(requestOf(trial(0.5), strangers)).kind, "pause");
  const rival = curveOf(mine[1] as number, "paused", [0.4]);
  const others = [...strangers, rival].sort((a, b) => a.trialNumber - b.trialNumber);
  assert.deepEqual(pruner.judge(requestOf(trial(0.5), others)), { kind: "promote", rung: 1 });
  const verdict = pruner.judge(requestOf(trial(0.3), others));
  assert.deepEqual(verdict.kind === "pause" && verdict.evidence, {
    pruner: "hyperband",
    execution: 0,
    epoch: 0,
    value: 0.3,
    limit: 0.4,
    trials: 2,
    bracket: 2,
  });
});

test("takes the plan's epochs unless the settings have others, and prunes nothing without either", () => {
  const judged = (maxEpochs: number | undefined, planned: number | undefined) => {
    const pruner = createPruner({
      type: "hyperband",
      minEpochs: 3,
      reductionFactor: 3,
      ...(maxEpochs === undefined ? {} : { maxEpochs }),
    });
    const rungs = new Set<number>();
    for (let number = 0; number < 100; number++) {
      for (let epochs = 1; epochs <= 30; epochs++) {
        const trial = curveOf(number, "running", new Array(epochs).fill(0.5));
        const verdict = pruner.judge(requestOf(trial, [], { maxEpochs: planned }));
        if (verdict.kind === "pause") rungs.add(verdict.evidence.epoch + 1);
      }
    }
    return [...rungs].sort((a, b) => a - b);
  };
  assert.deepEqual(judged(undefined, 27), [3, 9]);
  assert.deepEqual(judged(9, 27), [3]);
  assert.deepEqual(judged(undefined, undefined), []);
});
