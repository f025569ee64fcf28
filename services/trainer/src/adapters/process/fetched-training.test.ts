import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import { type FileSource, FileUnavailableError } from "@sintonia/files/contract/file-source";
import type { FileRef } from "@sintonia/protocol/file";
import type { Lease } from "@sintonia/protocol/lease";
import { sha256Of, studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import type { TrainingInput } from "../../ports/training-process.js";
import { FetchedTraining, type LocalFiles, type LocalTraining } from "./fetched-training.js";

const DATA: FileRef = { sha256: sha256Of("a".repeat(64)), sizeBytes: 3 };
const SCRIPT: FileRef = { sha256: sha256Of("b".repeat(64)), sizeBytes: 5 };

function leaseOf(plan: unknown): Lease {
  const key = { studyId: studyIdOf("s"), trialId: trialIdOf("0"), attempt: 1, token: 1 };
  return { key, ttlMs: 1, heartbeatIntervalMs: 1, planJson: JSON.stringify(plan), checkpoints: [] };
}

/** A training process that records its calls, and files that the test delivers. */
function start() {
  const calls: unknown[] = [];
  const events: TrainingInput[] = [];
  let emit: (event: TrainingInput) => void = () => {};
  const training: LocalTraining = {
    start: (receive) => {
      emit = receive;
    },
    train: (_, files: LocalFiles, checkpoint) => void calls.push(["train", files, ...(checkpoint ? [checkpoint] : [])]),
    resume: () => void calls.push("resume"),
    save: () => void calls.push("save"),
    stop: () => void calls.push("stop"),
    close: async () => void calls.push("close"),
  };
  const fetches: Array<{ sha256: string; signal: AbortSignal; end: (outcome: string | Error) => void }> = [];
  const files: FileSource = {
    fetch: ({ sha256 }, signal) =>
      new Promise((resolve, reject) => {
        fetches.push({ sha256, signal, end: (end) => (typeof end === "string" ? resolve(end) : reject(end)) });
      }),
    release: () => void calls.push("release"),
  };
  const fetched = new FetchedTraining(training, files);
  fetched.start((event) => void events.push(event));
  return { calls, events, fetches, fetched, emit: (event: TrainingInput) => emit(event) };
}

describe("training with the files of a plan", () => {
  const plan = { dataset: { path: "x.csv", files: { "x.csv": DATA } }, program: { files: { "train.py": SCRIPT } } };

  it("begins at once without files, and for a plan that cannot be read", () => {
    const { calls, fetched } = start();
    fetched.train(leaseOf({ dataset: { name: "mnist" } }));
    fetched.train({ ...leaseOf(undefined), planJson: "{" });
    fetched.train(leaseOf({ dataset: { files: { x: { sha256: "../x", sizeBytes: 1 } } } }));
    assert.deepEqual(calls, ["release", ["train", {}], "release", ["train", {}], "release", ["train", {}]]);
  });

  it("begins once all files are here, with their local paths and the checkpoint", async () => {
    const { calls, events, fetches, fetched } = start();
    fetched.train(leaseOf(plan), Buffer.from("c"));
    fetches[0]?.end("/cache/a");
    await setImmediate();
    assert.deepEqual(calls, ["release"]);
    fetches[1]?.end("/cache/b");
    await setImmediate();
    assert.deepEqual(calls, ["release", ["train", { "x.csv": "/cache/a", "train.py": "/cache/b" }, Buffer.from("c")]]);
    assert.deepEqual(events, []);
  });

  it("fails the attempt, not the trial, if a file cannot be had", async () => {
    const { calls, events, fetches, fetched } = start();
    fetched.train(leaseOf(plan));
    fetches[0]?.end(new FileUnavailableError("nobody has it"));
    await setImmediate();
    assert.deepEqual(events, [
      { type: "training-failed", failure: { kind: "trainer", message: "file x.csv: nobody has it" } },
    ]);
    assert.deepEqual(calls, ["release"]);
  });

  it("ends the fetch when the trial is stopped, when the child dies, and at the end", async () => {
    const ends: ReadonlyArray<(started: ReturnType<typeof start>) => void> = [
      ({ fetched }) => fetched.stop(),
      ({ emit }) => emit({ type: "child-died", detail: "signal SIGKILL" }),
      ({ fetched }) => void fetched.close(),
    ];
    for (const end of ends) {
      const started = start();
      const { calls, events, fetches, fetched } = started;
      fetched.train(leaseOf({ program: plan.program }));
      end(started);
      assert.ok(fetches[0]?.signal.aborted);
      const before = [calls.length, events.length];
      fetches[0]?.end("/cache/a");
      await setImmediate();
      assert.deepEqual([calls.length, events.length], before);
    }
  });
});
