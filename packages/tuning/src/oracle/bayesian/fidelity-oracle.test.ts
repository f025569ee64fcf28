import assert from "node:assert/strict";
import { test } from "node:test";
import type { PartialResult } from "../../objective/observation.js";
import type { ParameterValues } from "../../space/parameter.js";
import type { SuggestionRequest } from "../contract/suggestion.js";
import { bayesianOracle, fidelityOracle } from "./bayesian-oracle.js";

const pointAt = (i: number) => ({
  x: (i * 0.37) % 1,
  y: 10 ** (-3 + 3 * ((i * 0.71 + 0.2) % 1)),
  k: i % 2 ? "a" : "b",
});
const heightAt = ({ x, y }: ParameterValues) => ((x as number) - 0.3) ** 2 + ((y as number) - 0.6) ** 2;

const REQUEST: SuggestionRequest = {
  space: {
    x: { type: "double", min: 0, max: 1, scale: "linear" },
    y: { type: "double", min: 1e-3, max: 1, scale: "log" },
    k: { type: "categorical", values: ["a", "b"] },
  },
  goal: "minimize",
  completed: Array.from({ length: 9 }, (_, i) => ({
    values: pointAt(i),
    objective: heightAt(pointAt(i)) + (i % 2 ? 0.1 : 0),
  })),
  pruned: [0.15, 0.55, 0.85].map((x, i) => ({
    values: { x, y: 10 ** (-2 + i * 0.5), k: "a" },
    objective: 0.4 + 0.1 * i,
  })),
  pending: [{ x: 0.5, y: 0.1, k: "b" }],
  infeasible: [{ x: 0.99, y: 0.9, k: "a" }],
  failed: [],
  trialNumber: 14,
  seed: 7,
};

/** Results of 30 trials at a third of the training: good for large x. */
const PARTIAL: readonly PartialResult[] = Array.from({ length: 30 }, (_, i) => {
  const values = pointAt(i + 50);
  return { values, objective: 2 - values.x, fidelity: 1 / 3 };
});

test("without fidelity, partial results change no bit of a suggestion", () => {
  // Recorded before the oracle knew fidelities.
  const recorded = {
    values: { x: 0.31164170024829163, y: 1, k: "a" },
    source: "model",
  };
  assert.deepEqual(bayesianOracle.suggest(REQUEST), recorded);
  assert.deepEqual(bayesianOracle.suggest({ ...REQUEST, partial: PARTIAL }), recorded);
});

test("with fidelity and no partial result, suggests as without", () => {
  assert.deepEqual(fidelityOracle.suggest({ ...REQUEST, partial: [] }), bayesianOracle.suggest(REQUEST));
  assert.deepEqual(fidelityOracle.explain(REQUEST), bayesianOracle.explain(REQUEST));
});

test("with fidelity, results of another study on a part of the data stand for an initial design", () => {
  const first = { ...REQUEST, completed: [], pending: [], infeasible: [], pruned: [], trialNumber: 0 };
  const suggestion = fidelityOracle.suggest({ ...first, partial: PARTIAL });
  assert.ok(suggestion !== "exhausted" && suggestion.source === "model");
  assert.ok((suggestion.values["x"] as number) > 0.6, "they are good for large x");
  const few = fidelityOracle.suggest({ ...first, partial: PARTIAL.slice(0, 11) });
  assert.ok(few !== "exhausted" && few.source === "initial-design");
});

test("with fidelity, decides by early results before a trial has completed", () => {
  const request = { ...REQUEST, completed: [], pending: [], infeasible: [], pruned: PARTIAL, partial: PARTIAL };
  const suggestion = fidelityOracle.suggest({ ...request, trialNumber: 30 });
  assert.ok(suggestion !== "exhausted");
  assert.equal(suggestion.source, "model");
  assert.ok((suggestion.values["x"] as number) > 0.8, "large x is good");
});

test("explains the same suggestion as it makes", () => {
  for (const completed of [REQUEST.completed, []]) {
    const request = { ...REQUEST, completed, partial: PARTIAL };
    const explained = fidelityOracle.explain(request);
    assert.ok(explained !== "exhausted" && "model" in explained);
    assert.deepEqual(explained.suggestion, fidelityOracle.suggest(request));
  }
});

test("stopped trials count as under way: the next one is elsewhere", () => {
  const request = { ...REQUEST, infeasible: [], pending: [], pruned: [], partial: PARTIAL };
  const first = fidelityOracle.suggest(request);
  assert.ok(first !== "exhausted");
  const { values } = first;
  const near = { ...values, x: Math.min(1, (values["x"] as number) + 1e-4) };
  const stopped = { values: near, objective: 2 - (near.x as number) };
  const next = fidelityOracle.suggest({
    ...request,
    pruned: [stopped],
    partial: [...PARTIAL, { ...stopped, fidelity: 1 / 3 }],
  });
  assert.ok(next !== "exhausted");
  const isBeside = next.values["k"] === values["k"] && Math.abs((next.values["x"] as number) - near.x) < 0.02;
  assert.equal(isBeside, false, JSON.stringify(next.values));
});
