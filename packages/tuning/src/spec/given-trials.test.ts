import assert from "node:assert/strict";
import { test } from "node:test";
import type { SearchSpace } from "../space/parameter.js";
import { adoption, warmObservations } from "./given-trials.js";

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
