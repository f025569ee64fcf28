import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Engine } from "../engine/contract/engine.js";
import { planOf } from "../engine/contract/problem.fixture.js";
import type { TrialState } from "../trial/trial-state.js";
import { CheckpointError, type CheckpointOwner, decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.js";

const engine: Pick<Engine, "name" | "description"> = { name: "onnx", description: "ONNX Runtime 1.2, CPU, 1 thread" };
const owner: CheckpointOwner = { trial: "study/00", plan: planOf([2]), engine };

function weights(value: number) {
  return [{ name: "dense/bias", shape: [2], values: Float32Array.of(value, -value) }];
}

const state: TrialState = {
  execution: 1,
  epoch: 3,
  session: {
    steps: 12,
    weights: weights(0.1),
    slots: [{ name: "dense/bias/m", shape: [1], values: Float32Array.of(7) }],
  },
  callbacks: {
    learningRate: Math.fround(0.1),
    epoch: 3,
    stop: false,
    callbacks: [{ best: Math.fround(0.3), wait: 1, cooldown: 0 }, null],
  },
  kept: { execution: 1, epoch: 1, value: Math.fround(0.7), weights: weights(0.2) },
  best: { execution: 0, epoch: 4, value: Math.fround(0.6), weights: weights(0.3) },
  keptEpochs: [4],
};

describe("a checkpoint", () => {
  test("decodes to the encoded state, bit for bit", () => {
    assert.deepEqual(decodeCheckpoint(encodeCheckpoint(state, owner, 5), owner), state);
    const { best: _, ...first } = { ...state, keptEpochs: [] };
    assert.deepEqual(decodeCheckpoint(encodeCheckpoint(first, owner, 5), owner), first);
  });

  test("has the same bytes for the same state and lease, and other bytes for another lease", () => {
    const bytes = encodeCheckpoint(state, owner, 5);
    assert.deepEqual(encodeCheckpoint(structuredClone(state), owner, 5), bytes);
    assert.notDeepEqual(encodeCheckpoint(state, owner, 6), bytes);
  });

  test("is decoded at any alignment in memory", () => {
    const bytes = encodeCheckpoint(state, owner, 5);
    for (let offset = 0; offset < 8; offset++) {
      const moved = Buffer.alloc(bytes.length + 8);
      moved.set(bytes, offset);
      assert.deepEqual(decodeCheckpoint(moved.subarray(offset, offset + bytes.length), owner), state);
    }
  });

  test("is refused if bytes are missing or added at its end", () => {
    const bytes = encodeCheckpoint(state, owner, 5);
    for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length), /is damaged/);
    refused(Buffer.concat([bytes, Buffer.of(0)]), /a checkpoint of \d+ bytes is damaged: checksum/);
  });

  test("is refused if any one of its bits is flipped", () => {
    const bytes = encodeCheckpoint(state, owner, 5);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      refused(flipped, /is damaged/);
    }
  });

  test("is refused for another plan, engine, number of threads or trial", () => {
    const bytes = encodeCheckpoint(state, owner, 5);
    const others: readonly [Partial<CheckpointOwner>, RegExp][] = [
      [{ plan: { ...owner.plan, seeds: [2] } }, /^the checkpoint has plan [0-9a-f]{64}, expected [0-9a-f]{64}$/],
      [{ engine: { ...engine, name: "tfjs" } }, /has engine onnx \(ONNX.*, expected tfjs/],
      [{ engine: { ...engine, description: "ONNX Runtime 1.2, CPU, 2 threads" } }, /1 thread\), expected.*2 threads/],
      [{ trial: "study/01" }, /has trial study\/00, expected study\/01/],
    ];
    for (const [change, message] of others) refused(bytes, message, { ...owner, ...change });
  });

  test("is not written for a state that exceeds the limit", () => {
    const values = { length: 65 * 2 ** 20, byteLength: 65 * 2 ** 22 } as Float32Array;
    const huge = { ...state, session: { ...state.session, slots: [{ name: "m", shape: [65 * 2 ** 20], values }] } };
    assert.throws(() => encodeCheckpoint(huge, owner, 5), CheckpointError);
  });
});

function refused(bytes: Uint8Array, message: RegExp, by: CheckpointOwner = owner): void {
  assert.throws(() => decodeCheckpoint(bytes, by), { name: "CheckpointError", message });
}
