import assert from "node:assert/strict";
import { test } from "node:test";
import type { SearchSpace } from "../space/parameter.js";
import { adoption, enqueuedValues, warmObservations, warmPartials } from "./given-trials.js";

const SPACE: SearchSpace = {
  momentum: { type: "double", min: 0, max: 0.9, scale: "linear", step: 0.1, when: { optimizer: ["sgd"] } },
  rate: { type: "double", min: 1e-4, max: 1e-1, scale: "log" },
  optimizer: { type: "categorical", values: ["adam", "sgd"], default: "adam" },
  classes: { type: "fixed", value: 10 },
};

test("adopts common parameters, drops the others, and fills in defaults", () => {
  assert.deepEqual(adoption(SPACE)({ rate: 0.01, units: 64 }), { rate: 0.01, optimizer: "adam", classes: 10 });
  const sgd = adoption(SPACE)({ optimizer: "sgd", momentum: 0.1 + 0.2, rate: 0.01 });
  assert.equal(JSON.stringify(sgd), '{"momentum":0.3,"rate":0.01,"optimizer":"sgd","classes":10}');
});

test("ignores values outside the space or without a value and default", () => {
  for (const values of [
    { rate: 1 },
    { optimizer: "adam" },
    { rate: 0.01, optimizer: "rmsprop" },
    { rate: 0.01, optimizer: "sgd" },
    { rate: 0.01, classes: 11 },
  ] as Record<string, number | string>[]) {
    assert.equal(adoption(SPACE)(values), undefined, JSON.stringify(values));
  }
  const warmStart = [
    { values: { rate: 0.01 }, objective: 0.9 },
    { values: { rate: 7 }, objective: 0.99 },
  ];
  assert.deepEqual(warmObservations({ parameters: SPACE, warmStart }), [
    { values: { rate: 0.01, optimizer: "adam", classes: 10 }, objective: 0.9 },
  ]);
});

test("parts the results of other studies by their share of the full budget", () => {
  const warmStart = [
    { values: { rate: 0.01 }, objective: 0.9 },
    { values: { rate: 0.02 }, objective: 0.8, fidelity: 0.2 },
    { values: { rate: 0.03 }, objective: 0.7, fidelity: 1 },
    { values: { rate: 7 }, objective: 0.99, fidelity: 0.2 },
  ];
  const rates = (results: readonly { values: Readonly<Record<string, unknown>> }[]) =>
    results.map(({ values }) => values["rate"]);
  assert.deepEqual(rates(warmObservations({ parameters: SPACE, warmStart })), [0.01, 0.03]);
  assert.deepEqual(warmPartials({ parameters: SPACE, warmStart }), [
    { values: { rate: 0.02, optimizer: "adam", classes: 10 }, objective: 0.8, fidelity: 0.2 },
  ]);
});

test("completes an enqueued point by defaults, and by values drawn with the seed", () => {
  const whole = { rate: 0.01, optimizer: "adam", classes: 10 };
  const enqueue = [{}, { rate: 0.01 }, { momentum: 0.5 }, { optimizer: "sgd" }, whole];
  const pointAt = (index: number, seed = 7) => enqueuedValues({ parameters: SPACE, seed, enqueue }, index) ?? {};
  assert.deepEqual(Object.keys(pointAt(0)), ["rate", "optimizer", "classes"]);
  assert.equal(pointAt(0)["optimizer"], "adam");
  assert.deepEqual(pointAt(1), whole);
  // A given value of a child decides about its parent, against the parent's default.
  assert.deepEqual([pointAt(2)["momentum"], pointAt(2)["optimizer"]], [0.5, "sgd"]);
  assert.ok(Object.hasOwn(pointAt(3), "momentum"));
  assert.deepEqual(pointAt(4), whole);
  assert.deepEqual(pointAt(0), pointAt(0));
  assert.notDeepEqual(pointAt(0), pointAt(0, 8));
  assert.equal(enqueuedValues({ parameters: SPACE, seed: 7, enqueue }, 5), undefined);
});

test("completes an enqueued point within the constraints, without a default that they forbid", () => {
  const unit = { type: "double", min: 0, max: 1, scale: "linear" } as const;
  const parameters: SearchSpace = { x: unit, y: { ...unit, default: 0.9 }, z: unit };
  const spec = { parameters, constraints: ["x + y <= 1", "z < y"], enqueue: new Array(20).fill({ x: 0.95 }) };
  for (let seed = 0; seed < 20; seed++) {
    const { x, y, z } = enqueuedValues({ ...spec, seed }, seed) as { x: number; y: number; z: number };
    assert.equal(x, 0.95);
    assert.ok(x + y <= 1 && z < y, `${y} ${z}`);
    assert.equal(enqueuedValues({ ...spec, seed, enqueue: [{ x: 0.05 }] }, 0)?.["y"], 0.9);
  }
});
