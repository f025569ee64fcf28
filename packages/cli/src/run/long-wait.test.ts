import assert from "node:assert/strict";
import { test } from "node:test";
import { WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { aStudy } from "../study/study.fixture.js";
import { watchLongWaits } from "./long-wait.js";

/** Timers that a test lets end. */
class Timers {
  readonly pending: { readonly ms: number; readonly end: () => void; readonly signal: AbortSignal }[] = [];
  sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((end) => {
      this.pending.push({ ms, end, signal });
    });
}

function waitingFor(reason: WaitReason) {
  return aStudy({ waiting: { trainers: undefined, reason, message: "t10k-images is away." } });
}

test("a study that waits for too long ends the run with its reason and advice", async () => {
  const timers = new Timers();
  const watch = watchLongWaits(timers.sleep, new AbortController().signal);
  watch.note(waitingFor(WaitReason.EVALUATION));
  watch.note(waitingFor(WaitReason.EVALUATION));
  assert.equal(timers.pending.length, 1, "the wait counts from its begin");
  timers.pending[0]?.end();
  await assert.rejects(watch.tooLong, /waits, and nothing is lost: t10k-images is away\. Mend this and repeat/);
});

test("a wait that passes, and other waits, do not end the run", async () => {
  const timers = new Timers();
  const watch = watchLongWaits(timers.sleep, new AbortController().signal);
  watch.note(waitingFor(WaitReason.TRAINERS_SET_ASIDE));
  watch.note(waitingFor(WaitReason.ORACLE));
  watch.note(waitingFor(WaitReason.TRAINERS));
  watch.note(waitingFor(WaitReason.PAUSED));
  assert.equal(timers.pending.length, 1);
  assert.ok(timers.pending[0]?.signal.aborted);
  timers.pending[0]?.end();
  assert.equal(await Promise.race([watch.tooLong, Promise.resolve("goes on")]), "goes on");
});

test("a study that none of the run's trainers fits ends the run within seconds", async () => {
  const timers = new Timers();
  const watch = watchLongWaits(timers.sleep, new AbortController().signal);
  watch.note(waitingFor(WaitReason.RESOURCES));
  assert.ok((timers.pending[0]?.ms ?? Number.NaN) <= 5_000);
  timers.pending[0]?.end();
  await assert.rejects(watch.tooLong, /Mend this and repeat/);
});
