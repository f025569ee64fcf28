import assert from "node:assert/strict";
import { test } from "node:test";
import { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { type Answer, failure, success } from "./answer.js";
import { FIRST_UPDATE_MS, POLL_MS, type Stream, watchStudy } from "./watch-study.js";

type Listener = (event: { readonly data?: unknown }) => void;

class ScriptedStream implements Stream {
  readonly listeners = new Map<string, Listener>();
  isClosed = false;

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.isClosed = true;
  }

  send(type: string, data?: unknown): void {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }
}

/** A watch whose streams, timers and polls the test drives. */
function watched(poll: Answer<Study>, { hasStreams } = { hasStreams: true }) {
  const streams: ScriptedStream[] = [];
  const timers: { ms: number; call: () => void }[] = [];
  const seen: string[] = [];
  const stop = watchStudy({
    client: {
      study: async () => poll,
      trials: async () => success({ trials: [Trial.fromPartial({ id: "0" })], nextPageToken: "" }),
      address: () => (hasStreams ? "/watch" : undefined),
    },
    studyId: "a",
    open: () => {
      const stream = new ScriptedStream();
      streams.push(stream);
      return stream;
    },
    after: (ms, call) => {
      const timer = { ms, call };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer) >>> 0, 1);
    },
    onUpdate: ({ study, trials }) => seen.push(`update ${study?.id} ${trials.length}`),
    onConnection: (mode) => seen.push(mode),
    onFault: ({ code }) => seen.push(code),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { streams, timers, seen, stop, settle, fire: () => timers.shift()?.call() };
}

const known = success(Study.fromPartial({ id: "a" }));

test("updates of the stream arrive until the study ends", () => {
  const { streams, seen, timers } = watched(known);
  streams[0]?.send("update", { study: { id: "a" }, trials: [] });
  streams[0]?.send("end");
  assert.deepEqual(seen, ["live", "update a 0", "ended"]);
  assert.deepEqual([streams[0]?.isClosed, timers.length], [true, 0]);
});

test("a lost stream leads to polls at growing intervals, each with another stream", async () => {
  const { streams, timers, seen, settle, fire } = watched(known);
  const waits: number[] = [];
  for (let i = 0; i < 7; i++) {
    streams.at(-1)?.send("error");
    await settle();
    waits.push(timers[0]?.ms ?? 0);
    fire();
  }
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, POLL_MS.longest, POLL_MS.longest]);
  assert.deepEqual(seen.slice(0, 2), ["polling", "update a 1"]);
  assert.equal(streams.length, 8);
});

test("a stream that stays silent counts as lost", async () => {
  const { timers, seen, settle, fire, streams } = watched(known);
  assert.equal(timers[0]?.ms, FIRST_UPDATE_MS);
  fire();
  await settle();
  assert.deepEqual([seen, streams[0]?.isClosed], [["polling", "update a 1"], true]);
});

test("a refusal that a repeat would meet again ends the watch", async () => {
  const { streams, seen, timers, settle } = watched(failure("NOT_FOUND", "no study a"));
  streams[0]?.send("error");
  await settle();
  assert.deepEqual([seen, timers.length], [["polling", "NOT_FOUND", "ended"], 0]);
});

test("a report, which has no streams, is read once", async () => {
  const { seen, settle, streams } = watched(known, { hasStreams: false });
  await settle();
  assert.deepEqual([seen, streams.length], [["update a 1", "ended"], 0]);
});

test("a stopped watch says no more", async () => {
  const { streams, seen, stop, settle } = watched(known);
  stop();
  streams[0]?.send("update", { study: { id: "a" }, trials: [] });
  streams[0]?.send("error");
  await settle();
  assert.deepEqual(seen, []);
});
