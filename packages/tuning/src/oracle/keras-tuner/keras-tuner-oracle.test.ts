// Comparison with figures recorded from KerasTuner 1.4.7 with scikit-learn 1.9.1 and NumPy 2.4.6.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation } from "../../objective/observation.js";
import type { ParameterValues, SearchSpace } from "../../space/parameter.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import { kerasTunerOracle } from "./keras-tuner-oracle.js";

const LAB: SearchSpace = { stddev: { type: "double", min: 0.01, max: 0.1, scale: "linear" } };
const SEED = 4750;
const RANDOM_PHASE = [0.0632857031518364, 0.05021503975660651, 0.07271143839834814, 0.09054509941856415];

test("draws the random phase bit for bit", () => {
  const pending: ParameterValues[] = [];
  for (const expected of RANDOM_PHASE) {
    const values = suggest({ space: LAB, pending, trialNumber: pending.length });
    assert.deepEqual(values, { stddev: expected });
    pending.push(values);
  }
});

test("suggests the points of scikit-learn and SciPy for the same trials, with and without the defects", () => {
  // KerasTuner's sequence agrees to five digits, except for its last two trials: the bound is flat
  // there, and runs of scikit-learn differ among themselves by 0.002 of the range.
  const recorded = [
    0.0632857031518364, 0.05021503975660651, 0.07271143839834814, 0.038997497728512694, 0.015106878876378689, 0.1,
    0.030576532016766148, 0.04274200644024485, 0.037691491862301, 0.04089273019513286, 0.03866931855991089,
    0.04130790165244034,
  ];
  for (const isFaithful of [true, false]) {
    const completed: Observation[] = [];
    for (const [i, expected] of recorded.entries()) {
      const stddev = suggest({ space: LAB, completed, trialNumber: i }, isFaithful)["stddev"] as number;
      const tolerance = (i < 10 ? 1e-4 : 3e-3) * 0.09;
      assert.ok(Math.abs(stddev - expected) < tolerance, `trial ${i}: ${stddev}, not ${expected}`);
      completed.push({ values: { stddev: expected }, objective: 0.985 - 0.003 * ((expected - 0.04) / 0.06) ** 2 });
    }
  }
});

test("suggests the points of scikit-learn and SciPy in two dimensions under minimize", () => {
  const unit = { type: "double", min: 0, max: 1, scale: "linear" } as const;
  const recorded: [number, number][] = [
    [0.32383276483316237, 0.2267058593810488],
    [0.46300735781502145, 0.5714025946899135],
    [0.4523795535098186, 0.4745706786885481],
    [0.2590084917154736, 0.10682853770165568],
    [0.965242141552123, 0.36152277491407514],
    [0.5219839097124932, 0.18126486333322134],
    [0.0, 0.8621509474626724],
    [0.3536333465220698, 1.0],
    [0.0, 0.5141116568254918],
    [0.21851417423721764, 0.6955096657380998],
    [0.09730803474378365, 1.0],
    [0.24555789531595956, 0.5502448006007862],
  ];
  const completed: Observation[] = [];
  for (const [i, [x, y]] of recorded.entries()) {
    const values = suggest({ space: { x: unit, y: unit }, goal: "minimize", seed: 7, completed, trialNumber: i });
    const error = Math.max(Math.abs((values["x"] as number) - x), Math.abs((values["y"] as number) - y));
    assert.ok(error < 1e-4, `trial ${i}: ${JSON.stringify(values)}, not ${x} ${y}`);
    completed.push({ values: { x, y }, objective: (x - 0.3) ** 2 + 0.5 * (y - 0.8) ** 2 + 0.3 * x * y });
  }
});

test("suggests its first random start if the length scale collapses, only if faithful", () => {
  // Neighbours with opposite objectives: the likelihood is largest at the smallest length scale.
  const objectives = [1, 0, -1, -1, 0];
  const recorded = [0.036970858597258155, 0.07383909290983516, 0.03704325377449494];
  const points = [...RANDOM_PHASE.slice(0, 3), ...recorded];
  for (const [call, expected] of recorded.entries()) {
    const completed = objectives
      .slice(0, 3 + call)
      .map((objective, i) => ({ values: { stddev: points[i] as number }, objective }));
    const request = { space: LAB, completed, trialNumber: 3 + call };
    assert.deepEqual(suggest(request, true), { stddev: expected });
    assert.notDeepEqual(suggest(request, false), { stddev: expected });
  }
});

test("is exhausted after more than twenty repeated draws in a row", () => {
  const space: SearchSpace = { on: { type: "boolean" } };
  const pending = [{ on: true }, { on: false }];
  assert.equal(kerasTunerOracle(false).suggest(requestOf({ space, pending, trialNumber: 2 })), "exhausted");
});

test("counts fixed and inactive parameters in the length of the random phase", () => {
  const space: SearchSpace = { ...LAB, c: { type: "fixed", value: 1 } };
  const completed = RANDOM_PHASE.map((stddev, i) => ({ values: { stddev, c: 1 }, objective: i }));
  const oracle = kerasTunerOracle(false);
  const sourceAfter = (count: number) => {
    const suggestion = oracle.suggest(
      requestOf({ space, completed: [...completed, ...completed].slice(0, count), trialNumber: count }),
    );
    return suggestion === "exhausted" ? suggestion : suggestion.source;
  };
  assert.equal(sourceAfter(5), "random");
  assert.equal(sourceAfter(6), "model");
});

test("avoids pending trials", () => {
  const completed = RANDOM_PHASE.slice(0, 3).map((stddev) => ({
    values: { stddev },
    objective: 0.985 - 0.003 * ((stddev - 0.04) / 0.06) ** 2,
  }));
  const request = { space: LAB, completed, trialNumber: 3 };
  const alone = suggest(request)["stddev"] as number;
  const beside = suggest({ ...request, pending: [{ stddev: alone }], trialNumber: 4 })["stddev"] as number;
  assert.ok(Math.abs(beside - alone) > 0.005, `${alone} ${beside}`);
});

test("predicts pending trials with the model of the call before, only if faithful", () => {
  // Objectives are near -0.98. The predictions of pending trials are 1, then 1.008 and 0.268, and
  // so on: the unfitted model has mean 0 and standard deviation 1.
  const recorded = [0.030497747443032817, 0.01, 0.04284545887394003];
  const completed = RANDOM_PHASE.slice(0, 3).map((stddev) => ({
    values: { stddev },
    objective: 0.985 - 0.003 * ((stddev - 0.04) / 0.06) ** 2,
  }));
  const pending = [RANDOM_PHASE[3] as number];
  for (const [call, expected] of recorded.entries()) {
    const values = pending.map((stddev) => ({ stddev }));
    const request = { space: LAB, completed, pending: values, trialNumber: 4 + call };
    const stddev = suggest(request, true)["stddev"] as number;
    assert.ok(Math.abs(stddev - expected) < 1e-4 * 0.09, `call ${call}: ${stddev}, not ${expected}`);
    assert.ok(Math.abs((suggest(request, false)["stddev"] as number) - expected) > 1e-4 * 0.09, `call ${call}`);
    pending.push(expected);
  }
});

test("respects constraints in both phases", () => {
  const unit = { type: "double", min: 0, max: 1, scale: "linear" } as const;
  const space: SearchSpace = { a: unit, b: unit };
  const constraints = [{ terms: { a: 1, b: 1 }, limit: 0.5, isStrict: false }];
  const completed: Observation[] = [];
  for (let trial = 0; trial < 12; trial++) {
    const { a, b } = suggest({ space, constraints, completed, trialNumber: trial }) as { a: number; b: number };
    assert.ok(a + b <= 0.5, `trial ${trial}`);
    completed.push({ values: { a, b }, objective: a + b });
  }
});

function suggest(parts: Partial<SuggestionRequest> & { space: SearchSpace; trialNumber: number }, isFaithful = false) {
  const suggestion = kerasTunerOracle(isFaithful).suggest(requestOf(parts));
  assert.ok(suggestion !== "exhausted");
  return suggestion.values;
}

function requestOf(parts: Partial<SuggestionRequest> & { space: SearchSpace; trialNumber: number }): SuggestionRequest {
  return { goal: "maximize", completed: [], pending: [], infeasible: [], seed: SEED, ...parts };
}
