import assert from "node:assert/strict";
import { test } from "node:test";
import { untilAborted } from "./until-aborted.js";

/** Yields some numbers, and then waits for ever. */
async function* endless(...numbers: number[]): AsyncGenerator<number> {
  yield* numbers;
  await new Promise(() => undefined);
}

test("messages pass, and an abort ends the waiting for the next one", async () => {
  const ends = new AbortController();
  const passed: number[] = [];
  for await (const number of untilAborted(endless(1, 2), ends.signal)) {
    passed.push(number);
    if (number === 2) setImmediate(() => ends.abort());
  }
  assert.deepEqual(passed, [1, 2]);
});

test("an error of the stream passes, and an aborted signal lets nothing pass", async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error("reset");
  }
  const messages = untilAborted(broken(), new AbortController().signal);
  assert.deepEqual(await messages.next(), { done: false, value: 1 });
  await assert.rejects(messages.next(), { message: "reset" });
  assert.deepEqual(await untilAborted(endless(1), AbortSignal.abort()).next(), { done: true, value: undefined });
});
