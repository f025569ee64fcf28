import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random/random.js";
import type { SelectionRule } from "../spec/study-spec.js";
import { beliefsAt } from "../surrogate/belief/belief.js";
import { chooseContenders } from "./ranking.js";
import { selectBest } from "./select-best.js";
import type { SelectionRequest } from "./selection-request.js";

const LINE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;

/** Returns a request with trials on a line. Their ids are their indices. */
function requestOf(
  points: readonly (readonly [x: number, objective: number])[],
  fields: Partial<SelectionRequest> & { readonly goal?: "maximize" | "minimize" } = {},
): SelectionRequest {
  const { goal = "maximize", ...rest } = fields;
  const trials = points.map(([x, objective], i) => ({ id: String(i), values: { x }, objective }));
  const history = { space: LINE, goal, completed: trials, pending: [], infeasible: [], trialNumber: 0, seed: 3 };
  return { rule: "posterior-mean", history, trials, ...rest };
}

/** Noisy measurements of a hill with its top at 0.6; trial 16, far from the top, was lucky. */
function luckyHill(): readonly (readonly [number, number])[] {
  const random = createRandom(8);
  const points = Array.from({ length: 20 }, (_, i) => {
    const x = (i + 0.5) / 20;
    return [x, -4 * (x - 0.6) ** 2 + 0.05 * random.normal()] as const;
  });
  return points.with(16, [0.825, 0.12]);
}

test("posterior-mean chooses the trial of the best posterior mean and not the lucky one", () => {
  const request = requestOf(luckyHill());
  const selection = selectBest(request);
  assert.equal(selection.rule, "posterior-mean");
  assert.equal(selection.bestMeasured.trialId, "16");
  assert.notEqual(selection.trialId, "16");
  const [chosen, lucky] = beliefsAt(
    request.history,
    [selection.trialId, "16"].map((id) => request.trials[Number(id)]?.values ?? {}),
  ) as { mean: number; low: number; high: number }[];
  assert.deepEqual(selection.expected, chosen);
  assert.equal(selection.bestMeasured.optimism, 0.12 - (lucky?.mean ?? 0));
  assert.ok((selection.bestMeasured.optimism ?? 0) > 0.1);
});

test("a trial that diverged at the optimum is neither chosen nor tied, and the other posteriors stay the same", () => {
  const hill = Array.from({ length: 12 }, (_, i) => [i / 11, -4 * (i / 11 - 0.5) ** 2] as const);
  const plain = selectBest(requestOf(hill));
  const selection = selectBest(requestOf([...hill, [0.5, -1e30]]));
  assert.deepEqual([selection.trialId, selection.expected], [plain.trialId, plain.expected]);
  assert.deepEqual([selection.tied, selection.bestMeasured.count], [plain.tied, 13]);
  assert.ok(!chooseContenders(requestOf([...hill, [0.5, -1e30]]), 3).includes("12"));
});

test("a trial that diverged by comparison with the warm start is not chosen, however few trials there are", () => {
  const warm = Array.from({ length: 12 }, (_, i) => ({ values: { x: i / 11 }, objective: -4 * (i / 11 - 0.5) ** 2 }));
  const few = requestOf([
    [0.1, -0.7],
    [0.5, -1e30],
    [0.8, -0.4],
  ]);
  const history = { ...few.history, completed: [...warm, ...few.history.completed] };
  assert.equal(selectBest({ ...few, history }).trialId, "2");
  const all = requestOf([[0.5, -1e30]]);
  const others = { ...all.history, completed: [...warm, ...all.history.completed] };
  assert.equal(selectBest({ ...all, history: others }).trialId, "0");
});

test("observed chooses the best measured trial, the earliest of equals, and states its expected objective", () => {
  const request = requestOf(luckyHill(), { rule: "observed" });
  const selection = selectBest(request);
  assert.equal(selection.trialId, "16");
  assert.equal(selection.rule, "observed");
  assert.ok((selection.expected?.mean ?? 1) < 0);
  const equal = requestOf(
    [
      [0.1, 1],
      [0.5, 2],
      [0.9, 2],
    ],
    { rule: "observed" },
  );
  assert.equal(selectBest(equal).trialId, "1");
});

test("minimize of mirrored objectives gives the same choice, ties and optimism as maximize", () => {
  const up = selectBest(requestOf(luckyHill()));
  const mirrored = luckyHill().map(([x, objective]) => [x, -objective] as const);
  const down = selectBest(requestOf(mirrored, { goal: "minimize" }));
  assert.equal(down.trialId, up.trialId);
  assert.deepEqual(down.tied, up.tied);
  assert.equal(down.bestMeasured.optimism, up.bestMeasured.optimism);
});

test("ties neighbours and no trial that is far worse", () => {
  const { trialId, tied } = selectBest(requestOf(luckyHill()));
  assert.ok(tied.length > 0 && !tied.includes(trialId));
  for (const id of tied) assert.ok(Math.abs((Number(id) + 0.5) / 20 - 0.6) < 0.25, id);
  assert.deepEqual(
    tied,
    [...tied].sort((a, b) => Number(a) - Number(b)),
  );
});

test("gives the same selection for the same request", () => {
  const request = requestOf(luckyHill());
  assert.deepEqual(selectBest(structuredClone(request)), selectBest(request));
});

test("falls back to the best measured trial where there is no surrogate, and notes that", () => {
  const spaceless = { space: {}, completed: [] };
  const one = requestOf([[0.5, 1]]);
  const two = requestOf([
    [0.1, 1],
    [0.5, 2],
  ]);
  const noDimension = requestOf([
    [0.1, 1],
    [0.5, 3],
    [0.7, 2],
    [0.9, 3],
  ]);
  for (const [request, best] of [
    [one, "0"],
    [two, "1"],
    [{ ...noDimension, history: { ...noDimension.history, ...spaceless } }, "1"],
  ] as const) {
    const { rule, trialId, expected, tied, bestMeasured, note } = selectBest(request);
    assert.deepEqual([rule, trialId, expected, tied], ["observed", best, undefined, []]);
    assert.deepEqual(bestMeasured, { trialId: best, count: request.trials.length });
    assert.match(note ?? "", /too few trials for a model; the best measured trial was chosen/);
  }
  assert.equal(selectBest({ ...one, rule: "observed" }).note, undefined);
});

test("ties all trials of equal objectives", () => {
  const selection = selectBest(requestOf([0.1, 0.3, 0.5, 0.7].map((x) => [x, 0.25] as const)));
  assert.deepEqual([selection.trialId, selection.tied], ["0", ["1", "2", "3"]]);
  assert.equal(selection.bestMeasured.optimism, 0);
});

test("never returns a number that is not finite", () => {
  for (const scale of [1e-300, 1e300]) {
    for (const rule of ["posterior-mean", "observed", "replicate"] as const) {
      const contenders = ["0", "4"].map((id, i) => ({ id, objectives: [scale, -scale, i * scale] }));
      const points = [0.1, 0.1, 0.5, 0.7, 0.9].map((x, i) => [x, i * scale] as const);
      const { expected, bestMeasured } = selectBest(requestOf(points, { rule, contenders }));
      const told = [...Object.values(expected ?? {}), bestMeasured.optimism ?? 0];
      for (const number of told) assert.ok(Number.isFinite(number), `${rule}, ${scale}: ${told}`);
    }
  }
});

/**
 * Returns three trials: the first one has the best measured objective, the last one the best new
 * executions.
 */
function replicated(rule: SelectionRule): SelectionRequest {
  const contenders = [
    { id: "0", objectives: [0.5, 0.7, 0.6] },
    { id: "1", objectives: [0.1, 0.2, 0.1] },
    { id: "2", objectives: [0.6, 0.81, 0.7] },
  ];
  return requestOf(
    [
      [0.1, 0.9],
      [0.5, 0.8],
      [0.9, 0.7],
    ],
    { rule, contenders },
  );
}

test("replicate chooses the best mean of the new executions, whatever was measured before", () => {
  const { rule, trialId, expected, tied, bestMeasured } = selectBest(replicated("replicate"));
  assert.deepEqual([rule, trialId], ["replicate", "2"]);
  assert.ok(Math.abs((expected?.mean ?? 0) - 0.7033) < 1e-4);
  // Differences to the first contender: 0.1, 0.11 and 0.1, small but consistent.
  assert.deepEqual(tied, []);
  assert.ok(Math.abs((bestMeasured.optimism ?? 0) - (0.9 - 0.6)) < 1e-12, "against its own new executions");
});

test("replicate gives way to posterior-mean where no executions can be compared, and notes that", () => {
  const without = { ...replicated("replicate"), contenders: [{ id: "0", objectives: [0.5] }] };
  const { rule, note } = selectBest(without);
  assert.equal(rule, "posterior-mean");
  assert.match(note ?? "", /The new executions do not suffice .*; the trial with the best posterior mean was chosen/);
});

test("the contenders are the trials of the best posterior means, one of those with equal values", () => {
  const request = requestOf([...luckyHill(), [0.575, -0.01]]);
  const contenders = chooseContenders(request, 4);
  assert.equal(contenders.length, 4);
  assert.ok(!contenders.includes("16"), "luck is no reason");
  assert.ok(!(contenders.includes("11") && contenders.includes("20")));
  assert.equal(contenders[0], selectBest(request).trialId);
  assert.deepEqual(
    chooseContenders(
      requestOf([
        [0.5, 1],
        [0.5, 2],
      ]),
      3,
    ),
    ["1"],
  );
});

/** Exact squares of the distance from 0.05, with a trial next to the minimum. */
const EXACT = [
  [0.5, 0.203],
  [0.25, 0.04],
  [0.75, 0.49],
  [0.1, 0.0025],
  [0.9, 0.722],
  [0.052, 0.000004],
] as const;

test("a measured objective that noise does not explain is chosen, without the estimate that it contradicts", () => {
  const selection = selectBest(requestOf(EXACT, { goal: "minimize" }));
  assert.deepEqual(selection, {
    rule: "observed",
    trialId: "5",
    tied: [],
    note: "Noise does not explain how far the best measured trial is ahead; the best measured trial was chosen.",
    bestMeasured: { trialId: "5", count: 6 },
  });
  const negative = EXACT.map(([x, objective]) => [x, -objective] as const);
  assert.equal(selectBest(requestOf(negative)).trialId, "5");
});

test("objectives of both signs, or with a stated noise, leave the choice to the posterior mean", () => {
  const shifted = EXACT.map(([x, objective]) => [x, objective - 0.3] as const);
  assert.equal(selectBest(requestOf(shifted, { goal: "minimize" })).rule, "posterior-mean");
  const request = requestOf(EXACT, { goal: "minimize" });
  const completed = request.history.completed.map((trial) => ({ ...trial, noiseVariance: 0.01 }));
  const noisy = { ...request, history: { ...request.history, completed } };
  assert.equal(selectBest(noisy).rule, "posterior-mean");
});

test("with up to two trials more than dimensions the best measured one is chosen, with its expected objective", () => {
  const plane = { ...LINE, y: LINE.x };
  const onPlane = (points: readonly (readonly [x: number, y: number, objective: number])[]): SelectionRequest => {
    const request = requestOf(points.map(([x, , objective]) => [x, objective] as const));
    const trials = request.trials.map((trial, i) => ({
      ...trial,
      values: { ...trial.values, y: points[i]?.[1] ?? 0 },
    }));
    return { ...request, trials, history: { ...request.history, space: plane, completed: trials } };
  };
  const four = [
    [0.3, 1, 0.92],
    [0.6, 0.5, 0.89],
    [0.7, 0.8, 0.16],
    [0.1, 0.3, 0.22],
  ] as const;
  const selection = selectBest(onPlane(four));
  assert.deepEqual([selection.rule, selection.trialId], ["observed", "0"]);
  assert.match(selection.note ?? "", /too few trials to tell noise/);
  assert.ok(selection.expected !== undefined && (selection.bestMeasured.optimism ?? 0) > 0);
  const fifth = onPlane([...four, [0.2, 0.9, 0.5]]);
  assert.equal(selectBest(fifth).rule, "posterior-mean");
});

test("expected objectives stay in the range of the metric", () => {
  const hill = [0.5, 0.8, 0.97, 1, 0.97, 0.8].map((y, i) => [i / 5, y] as const);
  const { expected: free } = selectBest(requestOf(hill));
  assert.ok((free?.high ?? 0) > 1);
  const { expected, bestMeasured } = selectBest(requestOf(hill, { range: { min: 0, max: 1 } }));
  assert.equal(expected?.high, 1);
  assert.ok((expected?.mean ?? 2) <= 1 && (bestMeasured.optimism ?? -1) >= 0);
});
