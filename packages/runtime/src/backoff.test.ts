import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { retry } from "./backoff.js";

const AT_ONCE = { delayMs: 0, delayMaxMs: 0 };

function failing(times: number): { task: () => Promise<string>; calls: () => number } {
  let calls = 0;
  const task = async (): Promise<string> => {
    calls += 1;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return "done";
  };
  return { task, calls: () => calls };
}

describe("retry", () => {
  it("repeats a task until it succeeds, and reports each failure before", async () => {
    const reported: string[] = [];
    const { task } = failing(3);
    const onRetry = (error: Error, attempt: number) => reported.push(`${attempt}: ${error.message}`);
    assert.equal(await retry(task, { ...AT_ONCE, onRetry }), "done");
    assert.deepEqual(reported, ["1: failure 1", "2: failure 2", "3: failure 3"]);
  });

  it("throws a failure that is not transient at once", async () => {
    const { task, calls } = failing(3);
    const isTransient = ({ message }: Error) => message !== "failure 2";
    await assert.rejects(retry(task, { ...AT_ONCE, isTransient }), { message: "failure 2" });
    assert.equal(calls(), 2);
  });

  it("throws the last failure after the deadline", async () => {
    const { task } = failing(Number.POSITIVE_INFINITY);
    await assert.rejects(retry(task, { delayMs: 1, delayMaxMs: 1, deadlineMs: 5 }), /failure/);
  });

  it("throws the signal's reason when it is aborted during a wait", async () => {
    const abort = new AbortController();
    const onRetry = () => abort.abort(new Error("no longer wanted"));
    const waiting = retry(failing(9).task, {
      delayMs: 3_600_000,
      delayMaxMs: 3_600_000,
      signal: abort.signal,
      onRetry,
    });
    await assert.rejects(waiting, { message: "no longer wanted" });
  });
});
