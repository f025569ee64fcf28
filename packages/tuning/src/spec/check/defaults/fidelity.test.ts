import assert from "node:assert/strict";
import { test } from "node:test";
import { fidelityFindings, withFidelity } from "./fidelity.js";

function fidelityOf(spec: object): unknown {
  const { oracle } = withFidelity(spec) as { oracle?: { fidelity?: unknown } };
  return oracle?.fidelity;
}

test("the Bayesian oracle reads results before the end where trials wait at rungs, and nowhere else", () => {
  for (const pruner of ["asha", "hyperband", "curve", {}, { type: "asha", minEpochs: 3 }]) {
    assert.equal(fidelityOf({ pruner }), "epochs", JSON.stringify(pruner));
    assert.equal(fidelityOf({ pruner, oracle: { type: "bayesian" } }), "epochs");
  }
  for (const pruner of [undefined, "none", "median", { type: "threshold" }, 5]) {
    assert.equal(fidelityOf({ pruner }), undefined, JSON.stringify(pruner));
  }
});

test("the Bayesian oracle reads results of other studies below the full budget, which others refuse", () => {
  const warmStart = [
    { values: {}, objective: 1 },
    { values: {}, objective: 1, fidelity: 0.2 },
  ];
  assert.equal(fidelityOf({ warmStart }), "epochs");
  assert.equal(fidelityOf({ warmStart: warmStart.slice(0, 1) }), undefined);
  const pathsOf = (oracle: object | undefined) =>
    fidelityFindings(withFidelity({ warmStart, oracle }) as Record<string, unknown>).map(({ path }) => path.join("."));
  assert.deepEqual(pathsOf({ type: "bayesian" }), []);
  assert.deepEqual(pathsOf({ type: "bayesian", fidelity: "none" }), ["warmStart.1.fidelity"]);
  assert.deepEqual(pathsOf({ type: "random" }), ["warmStart.1.fidelity"]);
});

test("a stated fidelity, another oracle, several objectives and limits keep what they have", () => {
  const pruner = "curve";
  assert.equal(fidelityOf({ pruner, oracle: { type: "bayesian", fidelity: "none" } }), "none");
  assert.equal(fidelityOf({ pruner, oracle: { type: "random" } }), undefined);
  assert.equal(fidelityOf({ pruner, objectives: [] }), undefined);
  assert.equal(fidelityOf({ pruner, limits: ["val_loss <= 1"] }), undefined);
  assert.equal(fidelityOf({ pruner, limits: [] }), "epochs");
});
