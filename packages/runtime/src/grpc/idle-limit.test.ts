import assert from "node:assert/strict";
import { test } from "node:test";
import { withIdleLimit } from "./idle-limit.js";

async function read<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const message of messages) all.push(message);
  return all;
}

test("passes on the messages of a stream and its error", async () => {
  async function* broken() {
    yield 1;
    yield 2;
    throw new Error("broken");
  }
  const received: number[] = [];
  const reading = (async () => {
    for await (const message of withIdleLimit(broken(), 60_000, () => new Error("idle"))) received.push(message);
  })();
  await assert.rejects(reading, /broken/);
  assert.deepEqual(received, [1, 2]);
});

test("fails if no message arrives, although the stream never returns", async () => {
  async function* standing() {
    yield 1;
    await new Promise(() => undefined);
  }
  await assert.rejects(read(withIdleLimit(standing(), 1, () => new Error("idle"))), /idle/);
});

test("ends the stream when its reader leaves", async () => {
  let isEnded = false;
  async function* endless() {
    try {
      for (;;) yield 1;
    } finally {
      isEnded = true;
    }
  }
  for await (const _ of withIdleLimit(endless(), 60_000, () => new Error("idle"))) break;
  assert.ok(isEnded);
});
