import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { AppendOutputRequest } from "@sintonia/proto/sintonia/v1/trainer";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { createLogger } from "@sintonia/runtime/logger";
import { ClientError, Status } from "nice-grpc-common";
import type { TrialOutput } from "../../../ports/output-sink.js";
import type { TrainerServiceClient } from "../coordinator-client.js";
import { CoordinatorOutput } from "./output-sink.js";

const LEASE: LeaseKey = { studyId: studyIdOf("study"), trialId: trialIdOf("3"), attempt: 2, token: 7 };
const KIB = 1024;

/** Lets everything go on that waits for no timer. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
}

describe("the output that a trainer sends", () => {
  let nowMs: number;
  let sent: AppendOutputRequest[];
  let faults: Status[];
  /** While true, calls get no answer. */
  let hangs: boolean;
  /** Answers the calls that hang. */
  let answer: () => void;
  let lines: string[];
  let output: TrialOutput;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    [nowMs, sent, faults, hangs, lines] = [0, [], [], false, []];
    const appendOutput = async (request: AppendOutputRequest, { signal }: { signal: AbortSignal }) => {
      sent.push(request);
      if (hangs) {
        await new Promise<void>((resolve, reject) => {
          answer = resolve;
          signal.addEventListener("abort", () => reject(signal.reason));
        });
      }
      const fault = faults.shift();
      if (fault !== undefined) throw new ClientError("appendOutput", fault, "no space left on device");
      return { endOffset: 0 };
    };
    const destination = { write: (line: string) => void lines.push(line) };
    const sink = new CoordinatorOutput({
      client: { appendOutput } as unknown as Pick<TrainerServiceClient, "appendOutput">,
      clock: { monotonicMs: () => nowMs, wallTime: () => new Date(0) },
      logger: createLogger({ service: "trainer", instance: "test", level: "info", destination }),
    });
    output = sink.open(LEASE);
  });
  afterEach(() => mock.timers.reset());

  /** Lets time pass in the steps in which the output decides. */
  async function pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 250) {
      nowMs += 250;
      mock.timers.tick(250);
      await settle();
    }
  }

  const write = (text: string): void => output.write(Buffer.from(text));
  const textsSent = (): string[] => sent.map(({ offset, chunk }) => `${offset} ${chunk}`);

  it("goes once a second under the lease, and at once from 32 KiB on", async () => {
    write("one ");
    write("two");
    await pass(750);
    assert.deepEqual(textsSent(), []);
    await pass(250);
    assert.deepEqual(textsSent(), ["0 one two"]);
    assert.deepEqual(sent[0]?.lease, LEASE);
    write("x".repeat(32 * KIB));
    await pass(250);
    assert.deepEqual(
      sent.slice(1).map(({ offset, chunk }) => [offset, chunk.length]),
      [[7, 32 * KIB]],
    );
    await pass(5_000);
    assert.equal(sent.length, 2);
  });

  it("causes few calls however much is written, and ends with the newest bytes", async () => {
    const line = Buffer.alloc(64 * KIB, "y");
    for (let second = 0; second < 10; second++) {
      for (let n = 0; n < 1_600; n++) output.write(line);
      await pass(1_000);
    }
    assert.ok(sent.length <= 40, `${sent.length} calls`);
    write("the last line");
    await output.close();
    const last = sent.at(-1);
    assert.equal((last?.offset ?? 0) + (last?.chunk.length ?? 0), 10 * 1_600 * 64 * KIB + 13);
    assert.match(String(last?.chunk), /the last line$/);
    assert.ok(sent.every(({ chunk }) => chunk.length <= 64 * KIB));
  });

  it("is sent to its end, one call after the other, before the output is closed", async () => {
    hangs = true;
    write("first");
    await pass(1_000);
    write(" and last");
    const closed = output.close();
    await settle();
    assert.equal(sent.length, 1);
    hangs = false;
    answer();
    await closed;
    assert.deepEqual(textsSent(), ["0 first", "5  and last"]);
  });

  it("tells its end with the last part", async () => {
    write("first");
    await pass(1_000);
    write("last");
    await output.close();
    assert.deepEqual(
      sent.map(({ isLast }) => isLast),
      [false, true],
    );
    await Promise.all([output.close(), output.close()]);
    assert.equal(sent.length, 2);
  });

  it("tells its end alone if nothing is left to send", async () => {
    write("all");
    await pass(1_000);
    await output.close();
    assert.deepEqual(
      sent.map(({ offset, chunk, isLast }) => [offset, String(chunk), isLast]),
      [
        [0, "all", false],
        [3, "", true],
      ],
    );
  });

  it("is sent again after a fault that passes, and the log has one line of each kind", async () => {
    faults = [Status.UNAVAILABLE, Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED];
    write("kept");
    await pass(4_000);
    assert.deepEqual(textsSent(), ["0 kept", "0 kept", "0 kept", "0 kept"]);
    const logged = lines.map((line) => JSON.parse(line)).map(({ level, message, reason }) => [level, message, reason]);
    assert.deepEqual(logged, [
      ["warn", "output of trial not stored", "no space left on device"],
      ["info", "output of trial stored again", undefined],
    ]);
  });

  it("delays the end of a trial by no more than three seconds", async () => {
    faults = Array(100).fill(Status.UNAVAILABLE);
    write("lost");
    let isClosed = false;
    const closed = output.close().then(() => (isClosed = true));
    await pass(2_750);
    assert.equal(isClosed, false);
    await pass(250);
    await closed;
    assert.ok(sent.length >= 10);
    write("more");
    await pass(5_000);
    await output.close();
    assert.ok(sent.length <= 14);
  });

  it("delays the end of a trial by no more than one call if the coordinator cannot store it", async () => {
    faults = Array(100).fill(Status.DATA_LOSS);
    write("lost");
    await pass(2_000);
    assert.equal(sent.length, 2);
    await output.close();
    assert.equal(sent.length, 3);
  });

  it("ends a call that hangs with the time limit", async () => {
    hangs = true;
    write("lost");
    const closed = output.close();
    await pass(3_000);
    await closed;
    assert.equal(sent.length, 1);
  });

  for (const status of [Status.FAILED_PRECONDITION, Status.UNIMPLEMENTED]) {
    it(`ends with the first ${Status[status]}`, async () => {
      faults = [status];
      write("refused");
      await pass(1_000);
      write("more");
      await pass(2_000);
      await output.close();
      assert.equal(sent.length, 1);
      assert.equal(lines.length, status === Status.UNIMPLEMENTED ? 1 : 0);
    });
  }
});
