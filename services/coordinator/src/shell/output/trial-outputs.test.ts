import assert from "node:assert/strict";
import { test } from "node:test";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import { MemoryOutputStore } from "../../adapters/memory/output-store.js";
import { Scenario } from "../../core/scenario.fixture.js";

import { testedStudy } from "../../core/test-run.fixture.js";
import type { StudyUpdate } from "../study/study-feed.js";
import { TrialOutputs } from "./trial-outputs.js";

const KEY = { studyId: studyIdOf("study"), trialId: trialIdOf("0"), attempt: 1 };
const turn = (): Promise<void> => new Promise(setImmediate);

/** A reader that follows the output of trial 0 of a program, and the time that it waits. */
function follow(scenario: Scenario) {
  const delays: number[] = [];
  let expire = (): void => undefined;
  const timers = {
    monotonicMs: () => 0,
    random: () => 0,
    after: (delayMs: number, task: () => void) => {
      delays.push(delayMs);
      expire = task;
      return () => undefined;
    },
  };
  let wake = (): void => undefined;
  const watch = async function* (): AsyncGenerator<StudyUpdate> {
    for (;;) {
      yield { study: scenario.study, changedTrialIds: new Set() };
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const outputs = new TrialOutputs(new MemoryOutputStore(), { watch }, timers);
  const texts: string[] = [];
  const read = async (): Promise<void> => {
    const reading = { from: 0, follow: true, signal: new AbortController().signal };
    for await (const { bytes } of outputs.read(KEY, reading)) texts.push(String(bytes));
  };
  let isOver = false;
  const over = read().then(() => (isOver = true));
  return {
    texts,
    delays,
    over,
    isOver: () => isOver,
    publish: () => wake(),
    expire: () => expire(),
    append: (offset: number, text: string, isLast = false) =>
      outputs.append(KEY, { offset, bytes: Buffer.from(text) }, isLast),
  };
}

/** Returns a study whose trial 0 a trainer has. */
function leased(): Scenario {
  const scenario = new Scenario(testedStudy());
  scenario.lease(scenario.suggest());
  return scenario;
}

test("a reader of a cancelled trial gets what its program writes until the trainer sends the end", async () => {
  const scenario = leased();
  const reader = follow(scenario);
  await turn();
  await reader.append(0, "one ");
  scenario.submit({ type: "stop-study", reason: "enough" });
  reader.publish();
  await turn();
  await reader.append(4, "last words");
  await turn();
  assert.equal(reader.isOver(), false);
  await reader.append(14, "", true);
  await reader.over;
  assert.equal(reader.texts.join(""), "one last words");
});

test("a reader of a cancelled trial whose trainer is gone waits for its grace and no longer", async () => {
  const scenario = leased();
  const reader = follow(scenario);
  await turn();
  scenario.submit({ type: "stop-study", reason: "enough" });
  reader.publish();
  await turn();
  assert.equal(reader.isOver(), false);
  assert.deepEqual(reader.delays, [50_000]);
  reader.expire();
  await reader.over;
});

test("a reader of a trial that no trainer had, or that had ended before, does not wait", async () => {
  const queued = new Scenario(testedStudy());
  queued.suggest();
  const reader = follow(queued);
  await turn();
  queued.submit({ type: "stop-study", reason: "enough" });
  reader.publish();
  await reader.over;
  await follow(queued).over;
  assert.deepEqual(reader.delays, []);
});
