import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Assignment } from "@sintonia/protocol/lease";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { MemoryAssignmentSource } from "../adapters/memory/assignment-source.js";
import { MergedAssignments } from "./merged-assignments.js";

const trial = (id: string): Assignment => ({ studyId: studyIdOf("study"), trialId: trialIdOf(id), attempt: 1 });

function queues() {
  const [large, any] = [new MemoryAssignmentSource(), new MemoryAssignmentSource()];
  return { large, any, merged: new MergedAssignments([large, any]) };
}

describe("the assignments of several queues", () => {
  it("come from each of them, one at a time", async () => {
    const { large, any, merged } = queues();
    const { signal } = new AbortController();
    for (const queue of [any, large]) {
      const waiting = merged.next(signal);
      await queue.publish(trial("1"));
      const delivery = await waiting;
      assert.deepEqual(delivery?.assignment, trial("1"));
      await delivery?.accept();
    }
  });

  it("stay in their queue if another queue delivers at the same time", async () => {
    const { large, any, merged } = queues();
    const { signal } = new AbortController();
    await any.publish(trial("2"));
    await large.publish(trial("1"));
    assert.deepEqual((await merged.next(signal))?.assignment, trial("1"), "the first queue comes first");
    assert.deepEqual((await any.next(signal))?.assignment, trial("2"));
  });

  it("are not lost at an abort", async () => {
    const { any, merged } = queues();
    const abort = new AbortController();
    const waiting = merged.next(abort.signal);
    abort.abort();
    assert.equal(await waiting, undefined);
    await any.publish(trial("3"));
    assert.deepEqual((await merged.next(new AbortController().signal))?.assignment, trial("3"));
  });

  it("end with the fault of a queue", async () => {
    const fault = new Error("The connection is closed.");
    const broken = { next: async () => Promise.reject(fault) };
    await assert.rejects(
      new MergedAssignments([broken, new MemoryAssignmentSource()]).next(new AbortController().signal),
      fault,
    );
  });
});
