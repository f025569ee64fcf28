import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changedCosts, podCosts } from "./deletion-costs.js";

const NONE = new Map<string, number>();

const trainer = (pod: string, trials: number) => ({
  trainerId: `${pod}-0a1b2c`,
  trials: Array.from({ length: trials }, () => ({})),
});

const changes = (
  trainers: Parameters<typeof podCosts>[0],
  written: ReadonlyMap<string, number>,
): Record<string, number> => Object.fromEntries(changedCosts(podCosts(trainers), written));

describe("deletion costs of pods", () => {
  it("are the numbers of trials", () => {
    assert.deepEqual(changes([trainer("trainers-a", 1), trainer("trainers-b", 0)], NONE), {
      "trainers-a": 1,
      "trainers-b": 0,
    });
  });

  it("do not change while all pods are busy, or all are idle", () => {
    for (const trials of [0, 1])
      assert.deepEqual(changes([trainer("trainers-a", trials), trainer("trainers-b", trials)], NONE), {});
  });

  it("are written once", () => {
    const written = new Map([
      ["trainers-a", 1],
      ["trainers-b", 1],
    ]);
    assert.deepEqual(changes([trainer("trainers-a", 1), trainer("trainers-b", 0)], written), { "trainers-b": 0 });
  });

  it("add up over the trainers of a pod", () => {
    const trainers = [trainer("trainers-a", 1), trainer("trainers-a", 1), trainer("trainers-b", 1)];
    assert.deepEqual(changes(trainers, NONE), { "trainers-a": 2, "trainers-b": 1 });
  });

  it("leave out a trainer whose id names no pod", () => {
    assert.deepEqual(changes([{ trainerId: "trainer", trials: [] }, trainer("trainers-a", 1)], NONE), {});
  });
});
