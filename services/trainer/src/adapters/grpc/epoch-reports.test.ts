import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Directive,
  type LeaseKey,
  type ReportEpochsRequest,
  type ReportEpochsResponse,
} from "@sintonia/proto/sintonia/v1/trainer";
import type { Timers } from "@sintonia/runtime/clock";
import { OverloadError } from "@sintonia/runtime/grpc/pushback";
import { ClientError, Status } from "nice-grpc";
import { EpochReports } from "./epoch-reports.js";

const { CONTINUE, STOP } = Directive;
const NEVER = new AbortController().signal;

type Answer = Partial<ReportEpochsResponse> | "silence" | Status;

/** Timers whose tasks run at once, when the time of the test reaches them. */
class TestTimers implements Timers {
  nowMs = 0;
  readonly #tasks = new Map<() => void, number>();

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    this.#tasks.set(task, this.nowMs + delayMs);
    return () => this.#tasks.delete(task);
  }

  random(): number {
    return 0.5;
  }

  /** Runs the next task, and returns its time. */
  next(): number {
    const [task, atMs] = [...this.#tasks].sort(([, a], [, b]) => a - b)[0] ?? assert.fail("no task waits");
    this.#tasks.delete(task);
    this.nowMs = atMs;
    task();
    return atMs;
  }
}

/** A coordinator that answers the reports of all streams by a list. */
function scripted(answers: Answer[], timers = new TestTimers()) {
  const streams: { epochs: number[]; isEnded: boolean }[] = [];
  const single: number[] = [];
  async function* reportEpochs(requests: AsyncIterable<ReportEpochsRequest>, { signal }: { signal: AbortSignal }) {
    const stream = { epochs: [] as number[], isEnded: false };
    streams.push(stream);
    for await (const { measurement } of requests) {
      stream.epochs.push(measurement?.epoch ?? 0);
      const answer = answers.shift() ?? {};
      if (typeof answer === "number") throw new ClientError("ReportEpochs", answer, "scripted");
      if (answer === "silence") await new Promise((_, reject) => signal.addEventListener("abort", reject));
      else yield { directive: CONTINUE, retryAfterMs: 0, ...answer };
    }
    stream.isEnded = true;
  }
  const reportEpoch = async ({ measurement }: ReportEpochsRequest) => {
    single.push(measurement?.epoch ?? 0);
    return { directive: CONTINUE };
  };
  const reports = new EpochReports({ reportEpochs, reportEpoch } as never, timers);
  const send = (epoch: number, token = 1, signal = NEVER) => reports.send(reportOf(epoch, token), signal);
  return { reports, streams, single, send, timers };
}

function reportOf(epoch: number, token: number) {
  const lease: LeaseKey = { studyId: "s", trialId: "0", attempt: 1, token, secret: "" };
  return { lease, measurement: { execution: 0, epoch, metrics: {}, learningRate: 0, seconds: 1 } } as never;
}

/** Lets all that is ready happen. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("the reports of a lease share a stream, and each lease has its own", async () => {
  const { streams, send, reports } = scripted([]);
  for (const epoch of [0, 1, 2]) assert.equal((await send(epoch)).directive, CONTINUE);
  await send(0, 2);
  await settled();
  assert.deepEqual(streams, [
    { epochs: [0, 1, 2], isEnded: true },
    { epochs: [0], isEnded: false },
  ]);
  reports.end();
  await settled();
  assert.equal(streams[1]?.isEnded, true);
});

test("a directive to stop ends the stream", async () => {
  const { streams, send } = scripted([{ directive: STOP }]);
  assert.equal((await send(0)).directive, STOP);
  await settled();
  assert.equal(streams[0]?.isEnded, true);
});

test("an error rejects the report, and the next one has a new stream", async () => {
  const { streams, send } = scripted([{}, Status.UNAVAILABLE]);
  await send(0);
  await assert.rejects(send(1), { code: Status.UNAVAILABLE });
  await send(1);
  assert.deepEqual(
    streams.map(({ epochs }) => epochs),
    [[0, 1], [1]],
  );
});

test("a report without an answer in time is DEADLINE_EXCEEDED", async () => {
  const { streams, send, timers } = scripted(["silence"]);
  const report = assert.rejects(send(0), { code: Status.DEADLINE_EXCEEDED });
  await settled();
  assert.equal(timers.next(), 10_000);
  await report;
  await send(0);
  assert.equal(streams.length, 2);
});

test("a cancelled report ends its stream", async () => {
  const { streams, send } = scripted(["silence"]);
  const cancel = new AbortController();
  const report = assert.rejects(send(0, 1, cancel.signal), { name: "AbortError" });
  await settled();
  cancel.abort();
  await report;
  await send(0);
  assert.equal(streams.length, 2);
});

test("a report for which there is no room is repeated on the stream, after the delay", async () => {
  const { streams, send, timers } = scripted([{ retryAfterMs: 200 }, { retryAfterMs: 400 }]);
  const report = send(0);
  await settled();
  assert.equal(timers.next(), 300);
  await settled();
  assert.equal(timers.next(), 900);
  assert.equal((await report).directive, CONTINUE);
  assert.deepEqual(streams, [{ epochs: [0, 0, 0], isEnded: false }]);
});

test("a report for which there is no room within its time limit fails as an overload", async () => {
  const { send } = scripted([{ retryAfterMs: 9_000 }]);
  await assert.rejects(send(0), OverloadError);
});

test("a coordinator of an earlier version gets single calls", async () => {
  const { streams, single, send } = scripted([Status.UNIMPLEMENTED]);
  for (const epoch of [0, 1]) assert.equal((await send(epoch)).directive, CONTINUE);
  assert.deepEqual([streams.length, single], [1, [0, 1]]);
});
