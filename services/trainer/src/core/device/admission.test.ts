import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mayActAs } from "@sintonia/protocol/caller";
import { readyState, SAMPLE_INPUTS, trainingPhase } from "../samples.fixture.js";
import { admission, closeReason, FREE_MS, freeTooLong } from "./admission.js";
import {
  type Device,
  emptyDevice,
  FIRST_EPOCHS,
  memoryRead,
  needsForgotten,
  SLOTS_MAX,
  sharingFailed,
  slotEnded,
  slotOpened,
  slotStepped,
  slotTrainerId,
  type TrialsAtOnce,
} from "./device.js";
import type { MemoryReading } from "./pool.js";

/** Bytes of a memory of 1,000, of which 900 may be used. */
const sum = (usedBytes: number): MemoryReading => ({ usedBytes, totalBytes: 1_000 });
const held = (usedBytes: number, bySlot: Readonly<Record<number, number>>): MemoryReading => ({
  ...sum(usedBytes),
  heldBytes: new Map(Object.entries(bySlot).map(([slot, bytes]) => [Number(slot), bytes])),
});

const TRAINING = { state: readyState(trainingPhase), effects: [], nowMs: 0 };
const FREE = { state: readyState({ name: "idle" }), effects: [], nowMs: 0 };
const EPOCH = { ...TRAINING, input: SAMPLE_INPUTS["epoch-trained"] };

function gpu(trialsAtOnce: TrialsAtOnce = "auto", usedBytes = 100): Device {
  return memoryRead(emptyDevice(trialsAtOnce, ["gpu"]), [sum(usedBytes)]);
}

/** Opens a slot that begins a trial. */
function begun(device: Device, slot: number): Device {
  return slotStepped(slotOpened(device, slot, 0), slot, TRAINING);
}

/** Trains the first epochs of a slot, after which the memory is read. */
function measured(device: Device, slot: number, reading: MemoryReading): Device {
  let now = device;
  for (let epoch = 0; epoch < FIRST_EPOCHS; epoch += 1) now = slotStepped(now, slot, EPOCH);
  return memoryRead(now, [reading]);
}

describe("another slot", () => {
  it("opens if none is open, whatever the memory", () => {
    assert.deepEqual(admission(gpu("auto", 999)), { kind: "open", slot: 1 });
    assert.deepEqual(admission(emptyDevice(1, [])), { kind: "open", slot: 1 });
  });

  it("waits until the first trial has trained its first epochs, whose need then decides", () => {
    const alone = begun(gpu(), 1);
    assert.deepEqual(admission(alone), { kind: "wait", reason: "unmeasured" });
    const early = memoryRead(slotStepped(alone, 1, EPOCH), [sum(350)]);
    assert.deepEqual(admission(early), { kind: "wait", reason: "unmeasured" });
    assert.deepEqual(admission(measured(alone, 1, sum(350))), { kind: "open", slot: 2 });
  });

  it("opens while the need fits beside the reserve, and not beyond", () => {
    const one = measured(begun(gpu(), 1), 1, sum(350));
    const two = measured(begun(one, 2), 2, sum(600));
    assert.deepEqual(admission(two), { kind: "open", slot: 3 });
    const three = measured(begun(two, 3), 3, sum(850));
    assert.deepEqual(admission(three), {
      kind: "wait",
      reason: "memory",
      memory: "gpu",
      needBytes: 250,
      leftBytes: 50,
    });
  });

  it("expects the largest need of any trial, and remembers it after its slot closed", () => {
    const one = measured(begun(gpu(), 1), 1, sum(200));
    const two = measured(begun(one, 2), 2, sum(600));
    const closed = memoryRead(slotEnded(two, 2), [sum(550)]);
    const wait = { kind: "wait", reason: "memory", memory: "gpu", needBytes: 400, leftBytes: 350 };
    assert.deepEqual(admission(closed), wait);
    assert.deepEqual(admission(needsForgotten(closed)), { kind: "open", slot: 2 });
  });

  it("waits while a slot is free or ends", () => {
    const one = measured(begun(gpu(), 1), 1, sum(200));
    assert.deepEqual(admission(slotStepped(one, 1, FREE)), { kind: "wait", reason: "free-slot" });
  });

  it("waits at the limit, which is the setting until a fault lowers it", () => {
    const two = measured(begun(measured(begun(gpu(2), 1), 1, sum(150)), 2), 2, sum(200));
    assert.deepEqual(admission(two), { kind: "wait", reason: "limit", limit: 2 });
    const lowered = sharingFailed(two);
    assert.deepEqual([lowered.limit.now, lowered.failureCount], [1, 1]);
    assert.equal(gpu().limit.now, SLOTS_MAX);
  });

  it("opens without a reading only if a person has set the number", () => {
    const blind = (trialsAtOnce: TrialsAtOnce) =>
      memoryRead(measured(begun(gpu(trialsAtOnce), 1), 1, sum(200)), [undefined]);
    assert.deepEqual(admission(blind(2)), { kind: "open", slot: 2 });
    assert.deepEqual(admission(blind("auto")), { kind: "wait", reason: "unreadable", memory: "gpu" });
  });

  it("needs room in every memory", () => {
    const both = memoryRead(emptyDevice("auto", ["gpu", "machine"]), [sum(0), held(500, {})]);
    let one = begun(both, 1);
    for (let epoch = 0; epoch < FIRST_EPOCHS; epoch += 1) one = slotStepped(one, 1, EPOCH);
    const read = memoryRead(one, [sum(100), held(800, { 1: 300 })]);
    const wait = { kind: "wait", reason: "memory", memory: "machine", needBytes: 300, leftBytes: 100 };
    assert.deepEqual(admission(read), wait);
  });
});

describe("the need of a trial", () => {
  it("is the most that its processes held, if the memory is read by slot", () => {
    const one = memoryRead(begun(gpu(), 1), [held(700, { 1: 400 })]);
    const later = measured(one, 1, held(400, { 1: 200 }));
    // 400 used, of which the slot may take 200 more: 300 of 900 are left.
    const wait = { kind: "wait", reason: "memory", memory: "gpu", needBytes: 400, leftBytes: 300 };
    assert.deepEqual(admission(later), wait);
  });

  it("is an equal part of the growth, if another slot ended while it was measured", () => {
    const one = measured(begun(gpu(), 1), 1, sum(300));
    const two = measured(begun(one, 2), 2, sum(500));
    const third = slotEnded(begun(two, 3), 2);
    const read = measured(third, 3, sum(700));
    assert.equal(read.pools[0]?.accounts.get(3)?.needBytes, (700 - 100) / 2);
  });

  it("is known after a trial that was shorter than the first epochs", () => {
    const short = slotStepped(slotStepped(begun(gpu(), 1), 1, EPOCH), 1, FREE);
    assert.deepEqual(
      memoryRead(short, [sum(300)]).slots.map(({ isMeasured }) => isMeasured),
      [true],
    );
  });
});

describe("a slot", () => {
  it("has an id with the name of its trainer, and with a last digit of its own", () => {
    const ids = Array.from({ length: SLOTS_MAX }, (_, index) => slotTrainerId("gpu-7-0a1b2c", index + 1));
    assert.equal(new Set(ids).size, SLOTS_MAX);
    for (const id of ids) assert.ok(mayActAs({ name: "gpu-7", role: "trainer" }, id), id);
  });

  const two = measured(begun(measured(begun(gpu(), 1), 1, sum(300)), 2), 2, sum(500));

  it("closes before its next trial if the limit went down", () => {
    assert.equal(closeReason(two, 1), undefined);
    assert.equal(closeReason(sharingFailed(two), 1), "limit");
  });

  it("closes before its next trial if the memory is over its reserve, unless it is the last one", () => {
    const full = memoryRead(two, [sum(950)]);
    assert.equal(closeReason(full, 2), "memory");
    assert.equal(closeReason(slotEnded(full, 2), 1), undefined);
  });

  it("closes if it is not the only one that has been free for some time", () => {
    const oneFree = slotStepped(two, 1, FREE);
    assert.equal(freeTooLong(oneFree, FREE_MS), undefined);
    const bothFree = slotStepped(oneFree, 2, { ...FREE, nowMs: 10 });
    assert.equal(freeTooLong(bothFree, FREE_MS - 1), undefined);
    assert.equal(freeTooLong(bothFree, FREE_MS), 1);
    assert.equal(freeTooLong(bothFree, FREE_MS + 10), 2);
  });
});
