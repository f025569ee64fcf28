import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import { StoreUnavailableError } from "../../ports/study-log.js";
import type { Election, Term } from "./election.js";
import { Leading } from "./leading.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const SERVING = { services: {}, coordinator: { checkLogs: async () => undefined }, close: async () => undefined };

/** Begins terms one after another, and returns the times for which the leadership was left. */
async function holdsOf(outcomes: readonly boolean[]): Promise<readonly number[]> {
  const holds: number[] = [];
  const starts = [...outcomes];
  const leading = new Leading({ logger, isHealthy: () => true }, async () => {
    if (starts.shift() === true) return SERVING;
    throw new StoreUnavailableError("cannot use /state/artifacts: permission denied");
  });
  const election = { release: async (ms: number) => void holds.push(ms), isLeading: true } as unknown as Election;
  leading.follow(election, { port: 1, setServing: () => undefined, setLeader: () => undefined });
  for (let number = 1; number <= outcomes.length; number += 1) {
    leading.handlers.onTerm({ number, signal: new AbortController().signal } as Term);
    await new Promise(setImmediate);
  }
  return holds;
}

test("a coordinator whose state folder cannot be used leaves the leadership for longer each time", async () => {
  const failing = [false, false, false, false, false, false];
  assert.deepEqual(await holdsOf(failing), [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  assert.deepEqual(await holdsOf([false, false, true, false]), [1_000, 2_000, 1_000]);
});
