import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ModelShapeError, modelShape } from "../../model/model-shape.js";
import { freshState, type SessionState } from "../contract/engine.js";
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
const FRESH = freshState(seededTensors(LAYERS, 7));

describe("the memory of an onnx session", () => {
  it("aligns every tensor, update and slot to its own cache lines, none at address 0", () => {
    const { weights, updates, slots } = new SessionMemory(SHAPE, SLOTS, FRESH);
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

  it("has slots of trained tensors only", () => {
    const memory = new SessionMemory(SHAPE, SLOTS, FRESH);
    const names = memory.copyOfSlots().map(({ name }) => name);
    assert.deepEqual(names.slice(0, 2), ["dense/kernel/momentum", "dense/kernel/velocity"]);
    assert.equal(names.filter((name) => name.includes("moving")).length, 0);
  });

  it("returns copies of the state that it was created with", () => {
    const state = stateOf(SLOTS);
    const memory = new SessionMemory(SHAPE, SLOTS, state);
    const copies = [memory.copyOfWeights(), memory.copyOfSlots()];
    for (const { values } of [...memory.weights, ...memory.slots.flat()]) values.fill(0);
    assert.deepEqual(copies, [state.weights, state.slots]);
    assert.deepEqual(state, stateOf(SLOTS));
  });

  it("refuses the slots of another optimizer", () => {
    const create = (state: SessionState) => () => new SessionMemory(SHAPE, SLOTS, state);
    assert.throws(create(stateOf(["momentum"])), ModelShapeError);
    assert.throws(create({ ...stateOf(SLOTS), slots: [] }), ModelShapeError);
  });

  it("refuses a model that needs more than 4 GiB and names an engine that can train it", () => {
    const wide = modelShape([denseLayer(16_384, "relu"), denseLayer(16_384, "relu"), denseLayer(10, "softmax")], 784);
    assert.throws(() => new SessionMemory(wide, SLOTS, FRESH), { name: "ModelShapeError", message: /tfjs-node/ });
  });
});

function stateOf(slotNames: readonly string[]): SessionState {
  const weights = seededTensors(LAYERS, 7);
  const slots = new SessionMemory(SHAPE, slotNames, FRESH).copyOfSlots();
  for (const [index, { values }] of slots.entries()) values.fill(index + 1);
  return { steps: 3, weights, slots };
}
