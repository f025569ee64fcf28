import assert from "node:assert/strict";
import { test } from "node:test";
import { systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { PodTrainer } from "../core/query/deletion-costs.js";
import { DeletionCosts } from "./deletion-costs.js";

const trainer = (pod: string, trials: number): PodTrainer => ({
  trainerId: `${pod}-0a1b2c`,
  trials: Array.from({ length: trials }, () => ({})),
});

/** Deletion costs over trainers and a cluster that a test changes. */
function deletionCosts() {
  const lines: string[] = [];
  const written: string[] = [];
  const state = { trainers: undefined as readonly PodTrainer[] | undefined, fault: undefined as Error | undefined };
  const write = async (pod: string, cost: number): Promise<void> => {
    if (state.fault !== undefined) throw state.fault;
    written.push(`${pod}: ${cost}`);
  };
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ service: "test", instance: "test", level: "warn", destination });
  const signal = new AbortController().signal;
  const trainers = () => state.trainers;
  const costs = new DeletionCosts({ pods: { write }, trainers, timers: systemTimers, logger, signal });
  const update = async (): Promise<readonly string[]> => {
    await costs.update();
    return written.splice(0);
  };
  return { state, lines, update };
}

test("the leader writes what has changed", async () => {
  const { state, update } = deletionCosts();
  state.trainers = [trainer("a", 1), trainer("b", 0)];
  assert.deepEqual(await update(), ["a: 1", "b: 0"]);
  assert.deepEqual(await update(), []);
  state.trainers = [trainer("a", 0), trainer("b", 1)];
  assert.deepEqual(await update(), ["a: 0", "b: 1"]);
});

test("a follower writes nothing, and what it once wrote no longer counts", async () => {
  const { state, update } = deletionCosts();
  state.trainers = [trainer("a", 1), trainer("b", 0)];
  await update();
  state.trainers = undefined;
  assert.deepEqual(await update(), []);
  state.trainers = [trainer("a", 1), trainer("b", 0)];
  assert.deepEqual(await update(), ["a: 1", "b: 0"]);
});

test("a fault is logged once, and the next update writes the rest", async () => {
  const { state, lines, update } = deletionCosts();
  state.trainers = [trainer("a", 1), trainer("b", 0)];
  state.fault = new Error("403 pods is forbidden");
  assert.deepEqual([...(await update()), ...(await update())], []);
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { reason: string }).reason),
    ["403 pods is forbidden"],
  );
  state.fault = undefined;
  assert.deepEqual(await update(), ["a: 1", "b: 0"]);
});
