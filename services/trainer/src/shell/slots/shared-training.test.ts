import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrainingInput, TrainingProcess } from "../../ports/training-process.js";
import { SharedTraining } from "./shared-training.js";

const OOM: TrainingInput = { type: "training-failed", failure: { kind: "error", message: "CUDA out of memory" } };
const KILLED: TrainingInput = { type: "child-died", detail: "signal SIGKILL" };

/** Returns the events that pass, and the number of questions whether the trial is handed back. */
function passing(events: readonly TrainingInput[], isHandedBack: boolean) {
  const passed: TrainingInput[] = [];
  let questions = 0;
  const process: TrainingProcess = {
    start: (emit) => events.forEach(emit),
    train: () => {},
    resume: () => {},
    save: () => {},
    stop: () => {},
    close: async () => {},
  };
  const shared = new SharedTraining(process, () => {
    questions += 1;
    return isHandedBack;
  });
  shared.start((event) => passed.push(event));
  return { passed, questions };
}

describe("a training process that shares its device", () => {
  it("hands a trial back for which memory ran out, and only tells of the death of the process", () => {
    assert.deepEqual(passing([OOM], true), { passed: [], questions: 1 });
    assert.deepEqual(passing([KILLED], true), { passed: [KILLED], questions: 1 });
  });

  it("passes the fault of a trial that is alone", () => {
    assert.deepEqual(passing([OOM, KILLED], false), { passed: [OOM, KILLED], questions: 2 });
  });

  it("passes everything else without a question", () => {
    const events: readonly TrainingInput[] = [{ type: "engine-ready" }, { type: "child-died", detail: "exit code 1" }];
    assert.deepEqual(passing(events, true), { passed: events, questions: 0 });
  });
});
