import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedEpochs } from "./early-stopping.js";

const STOPPING = { patience: 20, maxEpochs: 100, newBest: 2 };

test("a training without a new best epoch is expected to end soon, and one with a new one later", () => {
  const ends = [10, 20, 29].map((epochs) => expectedEpochs(STOPPING, { best: 10, epochs }));
  assert.ok((ends[0] as number) > 40 && (ends[0] as number) < 60, `${ends}`);
  assert.ok((ends[0] as number) > (ends[1] as number) && (ends[1] as number) > (ends[2] as number), `${ends}`);
  assert.ok((ends[2] as number) >= 30);
  assert.equal(expectedEpochs(STOPPING, { best: 10, epochs: 30 }), 30);
});

test("a training with likelier new best epochs is expected to train for longer", () => {
  const soFar = { best: 10, epochs: 20 };
  assert.ok(expectedEpochs({ ...STOPPING, newBest: 4 }, soFar) > expectedEpochs(STOPPING, soFar));
});

test("the first epoch is a best one", () => {
  const fresh = expectedEpochs(STOPPING, { best: 0, epochs: 0 });
  assert.ok(Math.abs(fresh - expectedEpochs(STOPPING, { best: 1, epochs: 1 })) < 1e-9);
});

test("no training is expected beyond its largest number of epochs", () => {
  assert.equal(expectedEpochs(STOPPING, { best: 100, epochs: 100 }), 100);
  assert.ok(expectedEpochs(STOPPING, { best: 95, epochs: 96 }) <= 100);
  assert.equal(expectedEpochs({ patience: 30, maxEpochs: 30, newBest: 1 }, { best: 1, epochs: 1 }), 30);
});

test("the expectation is the mean of many trainings whose new best epochs are drawn", () => {
  // Exact for a small case: epochs 2 and 3 are best ones with probability 1/2 and 1/3.
  const small = { patience: 1, maxEpochs: 3, newBest: 1 };
  assert.ok(Math.abs(expectedEpochs(small, { best: 1, epochs: 1 }) - (1 / 2) * 2 - (1 / 2) * 3) < 1e-12);
});
