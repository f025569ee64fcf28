import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MemoryAssignmentSource } from "../../adapters/memory/assignment-source.js";
import { SAMPLE_INPUTS } from "../../core/samples.fixture.js";
import { admittedSource } from "./admitted-source.js";

const { assignment } = SAMPLE_INPUTS["assignment-received"];

describe("the assignments of a slot", () => {
  it("come while the slot may take them", async () => {
    const queue = new MemoryAssignmentSource();
    await queue.publish(assignment);
    const source = admittedSource(queue, { mayTake: () => true, leave: () => assert.fail("left") });
    assert.deepEqual((await source.next(new AbortController().signal))?.assignment, assignment);
  });

  it("stay in the queue if it may not, and the slot leaves after the present step", async () => {
    const queue = new MemoryAssignmentSource();
    await queue.publish(assignment);
    const pull = new AbortController();
    let hasLeft = false;
    const leave = (): void => {
      hasLeft = true;
      pull.abort();
    };
    const source = admittedSource(queue, { mayTake: () => false, leave });
    const pulled = source.next(pull.signal);
    assert.equal(hasLeft, false);
    assert.equal(await pulled, undefined);
    assert.ok((await queue.next(new AbortController().signal)) !== undefined, "another slot gets it");
  });
});
