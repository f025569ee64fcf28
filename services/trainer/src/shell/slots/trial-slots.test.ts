import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { trialIdOf } from "@sintonia/protocol/names.fixture";
import { MemoryAssignmentSource } from "../../adapters/memory/assignment-source.js";
import type { TrialsAtOnce } from "../../core/device/device.js";
import { openSlots } from "../../core/device/device.js";
import { SAMPLE_INPUTS, sampleLease } from "../../core/samples.fixture.js";
import type { TrainingInput } from "../../ports/training-process.js";
import { Scene } from "./scene.fixture.js";

const OUT_OF_MEMORY: TrainingInput = {
  type: "training-failed",
  failure: { kind: "error", message: "OOM when allocating tensor" },
};
const KILLED: TrainingInput = { type: "child-died", detail: "signal SIGKILL" };

/** Starts a trainer for which as many trials wait. */
async function begun(trialsAtOnce: TrialsAtOnce, trialCount: number): Promise<Scene> {
  const queue = new MemoryAssignmentSource();
  for (let trial = 0; trial < trialCount; trial += 1)
    await queue.publish({ ...sampleLease.key, trialId: trialIdOf(String(trial)) });
  const scene = new Scene(trialsAtOnce, queue);
  await scene.pass(1_000);
  return scene;
}

/** Opens a second slot beside a first one with a need of 300, and trains a trial in each. */
async function twoSlots(trialCount = 2): Promise<Scene> {
  const scene = await begun("auto", trialCount);
  await scene.measure(0, { usedBytes: 400 });
  assert.deepEqual(training(scene), [true, true]);
  return scene;
}

const training = ({ trainings }: Scene): readonly boolean[] => trainings.map(({ isTraining }) => isTraining);
const openIds = ({ slots }: Scene): readonly number[] => openSlots(slots.device).map(({ id }) => id);

async function ended(scene: Scene): Promise<string | undefined> {
  scene.slots.drain();
  await scene.pass(6_000);
  return await scene.end;
}

describe("a trainer with several slots", () => {
  it("opens one after the other as memory allows, and ends all of them in a drain", async () => {
    const scene = await twoSlots();
    await scene.measure(1, { usedBytes: 700 });
    assert.deepEqual(openIds(scene), [1, 2], "300 more are beyond 900");
    assert.equal(await ended(scene), undefined);
    assert.deepEqual(
      scene.failures.map(({ kind, message }) => [kind, message]),
      Array(2).fill(["preempted", "The trainer was asked to stop."]),
    );
  });

  for (const [fault, event] of Object.entries({ "an engine without memory": OUT_OF_MEMORY, "a kill": KILLED })) {
    it(`hands a trial back after ${fault}, closes its slot and opens none beyond the lower limit`, async () => {
      const scene = await twoSlots();
      scene.trainings[1]?.emit(event);
      await scene.pass(10_000);
      const [failure, ...others] = scene.failures;
      assert.deepEqual(others, []);
      assert.equal(failure?.kind, "preempted");
      assert.match(failure.message, /^Memory ran out/);
      assert.deepEqual(openIds(scene), [1]);
      assert.deepEqual(
        scene.trainings.map(({ isClosed }) => isClosed),
        [false, true],
      );
      assert.equal(scene.slots.device.limit.now, 1);
      await ended(scene);
    });
  }

  it("lets a trial fail for which memory runs out in the only slot", async () => {
    const scene = await begun("auto", 1);
    scene.trainings[0]?.emit(OUT_OF_MEMORY);
    await scene.pass(1_000);
    assert.deepEqual(
      scene.failures.map(({ kind }) => kind),
      ["error"],
    );
    assert.deepEqual(openIds(scene), [1]);
    await ended(scene);
  });

  it("closes a slot whose engine cannot start beside another, and goes on", async () => {
    const scene = await begun("auto", 1);
    scene.engine = { type: "engine-failed", message: "CUDA_ERROR_OUT_OF_MEMORY" };
    await scene.measure(0, { usedBytes: 400 });
    assert.deepEqual(training(scene), [true, false]);
    assert.deepEqual(openIds(scene), [1]);
    assert.equal(scene.slots.device.failureCount, 1);
    assert.equal(await ended(scene), undefined);
  });

  it("ends with the fault of its only slot", async () => {
    const scene = await begun("auto", 0);
    scene.trainings[0]?.emit({ type: "engine-failed", message: "no such engine" });
    await scene.pass(1_000);
    assert.equal(await scene.end, "no such engine");
  });

  it("ends with the error of a slot that cannot be opened", async () => {
    const scene = await begun("auto", 1);
    scene.fault = new Error("the token file cannot be read");
    const ends = assert.rejects(scene.end, scene.fault);
    await scene.measure(0, { usedBytes: 400 });
    await ends;
  });

  it("closes all free slots but one after some time", async () => {
    const scene = await twoSlots();
    for (const each of scene.trainings) each.emit(SAMPLE_INPUTS["training-completed"]);
    await scene.pass(20_000);
    assert.deepEqual(openIds(scene), [1, 2]);
    await scene.pass(20_000);
    assert.equal(openIds(scene).length, 1);
    assert.equal(scene.trainings.filter(({ isClosed }) => isClosed).length, 1);
    await ended(scene);
  });

  it("takes no further trial in a slot for which memory no longer suffices", async () => {
    const scene = await twoSlots(3);
    await scene.measure(1, { usedBytes: 950 });
    scene.trainings[0]?.emit(SAMPLE_INPUTS["training-completed"]);
    await scene.pass(1_000);
    assert.deepEqual(openIds(scene), [2]);
    assert.deepEqual(
      scene.trainings.map(({ isClosed }) => isClosed),
      [true, false],
    );
    await ended(scene);
  });
});

describe("a trainer with one slot", () => {
  it("reads no memory, and opens no other", async () => {
    const scene = await begun(1, 2);
    await scene.measure(0, { usedBytes: 400 });
    assert.equal(scene.slots.device.pools[0]?.reading, undefined);
    assert.deepEqual(openIds(scene), [1]);
    await ended(scene);
  });
});
