import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ModelShapeError, modelShape } from "../../model/model-shape.js";
import type { SessionState } from "../contract/engine.js";
import { denseLayer, seededTensors } from "../contract/problem.fixture.js";
import { SessionMemory } from "./session-memory.js";

const NORMALIZATION = {
  type: "BatchNormalization",
  momentum: 0.9,
  epsilon: 0.001,
  center: true,
  scale: true,
} as const;
const LAYERS = [denseLayer(5, "relu"), NORMALIZATION, denseLayer(3, "softmax")];
const SHAPE = modelShape(LAYERS, 7);
const SLOTS = ["momentum", "velocity"];

describe("the memory of an onnx session", () => {
  it("gives every tensor, update and slot cache lines of its own, none at address 0", () => {
    const { weights, updates, slots } = new SessionMemory(SHAPE, SLOTS);
    const blocks = [...weights, ...updates, ...slots.flat()].toSorted((a, b) => a.address - b.address);
    assert.equal(blocks.length, 8 + 8 + 6 * 2);
    let free = 64;
    for (const { name, address, count, values } of blocks) {
      assert.equal(address % 64, 0, name);
      assert.ok(address >= free, `${name} begins after the block before it`);
      assert.deepEqual([values.byteOffset, values.length], [address, count], name);
      free = address + 4 * count;
    }
  });

  it("keeps slots of trained tensors only, under names of their own", () => {
    const memory = new SessionMemory(SHAPE, SLOTS);
    const names = memory.copyOfSlots().map(({ name }) => name);
    assert.deepEqual(names.slice(0, 2), ["dense/kernel/momentum", "dense/kernel/velocity"]);
    assert.equal(names.filter((name) => name.includes("moving")).length, 0);
  });

  it("gives back what was loaded, as copies", () => {
    const state = stateOf(SLOTS);
    const memory = new SessionMemory(SHAPE, SLOTS);
    memory.load(state);
    const copies = [memory.copyOfWeights(), memory.copyOfSlots()];
    for (const { values } of [...memory.weights, ...memory.slots.flat()]) values.fill(0);
    assert.deepEqual(copies, [state.weights, state.slots]);
    assert.deepEqual(state, stateOf(SLOTS));
  });

  it("refuses the slots of another optimizer", () => {
    const load = (state: SessionState) => () => new SessionMemory(SHAPE, SLOTS).load(state);
    assert.throws(load(stateOf(["momentum"])), ModelShapeError);
    assert.throws(load({ ...stateOf(SLOTS), slots: [] }), ModelShapeError);
  });

  it("refuses a model that addresses of 32 bits cannot reach, and names an engine that has more", () => {
    const wide = modelShape([denseLayer(16_384, "relu"), denseLayer(16_384, "relu"), denseLayer(10, "softmax")], 784);
    assert.throws(() => new SessionMemory(wide, SLOTS), { name: "ModelShapeError", message: /tfjs-node/ });
  });
});

function stateOf(slotNames: readonly string[]): SessionState {
  const weights = seededTensors(LAYERS, 7);
  const slots = new SessionMemory(SHAPE, slotNames).copyOfSlots();
  for (const [index, { values }] of slots.entries()) values.fill(index + 1);
  return { steps: 3, weights, slots };
}
