import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import type { Timers } from "@sintonia/runtime/clock";
import { Status } from "nice-grpc-common";
import { ErrorInfo, RetryInfo, RichClientError } from "nice-grpc-error-details";
import { awaitLeader } from "./leaderless.js";

/** Returns UNAVAILABLE with the details of a coordinator. */
function unavailable(reason: string, metadata: Readonly<Record<string, string>> = {}): RichClientError {
  const details = [
    ErrorInfo.fromPartial({ reason, domain: "sintonia", metadata }),
    RetryInfo.fromPartial({ retryDelay: { seconds: 1, nanos: 0 } }),
  ];
  return new RichClientError("/call", Status.UNAVAILABLE, reason, details);
}

describe("a client that awaits a leader", () => {
  let nowMs: number;
  let calls: number;
  /** The errors of the first calls. */
  let faults: readonly Error[];
  let client: AdminServiceClient;

  beforeEach(() => {
    nowMs = 0;
    calls = 0;
    const timers: Timers = {
      monotonicMs: () => nowMs,
      after: (delayMs, task) => {
        nowMs += delayMs;
        queueMicrotask(task);
        return () => undefined;
      },
      random: () => 0,
    };
    const answer = (): void => {
      calls += 1;
      const fault = faults[calls - 1];
      if (fault !== undefined) throw fault;
    };
    const own = {
      getStudy: async () => {
        answer();
        return { study: { id: "s" } };
      },
      // biome-ignore lint/correctness/useYield: the stream fails before its first answer
      watchStudy: async function* () {
        answer();
      },
    };
    client = awaitLeader(own as unknown as AdminServiceClient, timers);
  });

  it("makes a call again after the delay of the answer, until a coordinator leads", async () => {
    faults = ["NOT_LEADING", "STARTING", "LEADERSHIP_LOST"].map((reason) => unavailable(reason));
    assert.equal((await client.getStudy({ studyId: "s" })).study?.id, "s");
    assert.equal(nowMs, 3_000);
  });

  it("gives up after ten seconds", async () => {
    faults = Array.from({ length: 100 }, () => unavailable("NOT_LEADING"));
    await assert.rejects(client.getStudy({ studyId: "s" }), { code: Status.UNAVAILABLE });
    assert.equal(nowMs, 10_000);
  });

  it("makes a call once at a coordinator that only names the leader", async () => {
    faults = [unavailable("NOT_LEADING", { leader: "b:1" })];
    await assert.rejects(client.getStudy({ studyId: "s" }), { code: Status.UNAVAILABLE });
    assert.equal(calls, 1);
  });

  it("makes a call once where nobody asks for a repeat", async () => {
    faults = [new RichClientError("/call", Status.UNAVAILABLE, "connection refused", [])];
    await assert.rejects(client.getStudy({ studyId: "s" }), { code: Status.UNAVAILABLE });
    assert.equal(calls, 1);
  });

  it("gives the call up with its caller", async () => {
    const caller = new AbortController();
    faults = [unavailable("NOT_LEADING")];
    caller.abort();
    await assert.rejects(client.getStudy({ studyId: "s" }, { signal: caller.signal }), { name: "AbortError" });
    assert.equal(calls, 1);
  });

  it("leaves a stream to its caller", async () => {
    faults = [unavailable("NOT_LEADING")];
    const updates = client.watchStudy({ studyId: "s" })[Symbol.asyncIterator]();
    await assert.rejects(updates.next(), { code: Status.UNAVAILABLE });
    assert.equal(calls, 1);
  });
});
