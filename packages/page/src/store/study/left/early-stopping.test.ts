import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedEpochs } from "./early-stopping.js";

const STOPPING = { patience: 20, maxEpochs: 100, reducesRate: true };

test("a training without a new best epoch is expected to end soon, and one with a new one later", () => {
  const ends = [10, 20, 29].map((epochs) => expectedEpochs(STOPPING, 10, epochs));
  assert.ok((ends[0] as number) > 40 && (ends[0] as number) < 60, `${ends}`);
  assert.ok((ends[0] as number) > (ends[1] as number) && (ends[1] as number) > (ends[2] as number), `${ends}`);
  assert.ok((ends[2] as number) >= 30);
  assert.equal(expectedEpochs(STOPPING, 10, 30), 30);
});

test("a training whose learning rate stays is expected to improve for longer", () => {
  const constant = { ...STOPPING, reducesRate: false };
  assert.ok(expectedEpochs(constant, 10, 20) > expectedEpochs(STOPPING, 10, 20));
});

test("no training is expected beyond its largest number of epochs", () => {
  assert.equal(expectedEpochs(STOPPING, 100, 100), 100);
  assert.ok(expectedEpochs(STOPPING, 95, 96) <= 100);
  assert.ok(Math.abs(expectedEpochs({ patience: 30, maxEpochs: 30, reducesRate: false }, 1, 1) - 30) < 1e-9);
});
