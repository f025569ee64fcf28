import assert from "node:assert/strict";
import { it } from "node:test";
import { systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import { Scenario, TEST_RESULT, WEIGHTS } from "../../core/scenario.fixture.js";
import { AnotherWriterError } from "./journal.js";
import { evaluateBest } from "./test-split.js";

it("evaluates once if the log refuses the result, since the study is read again", async () => {
  const scenario = new Scenario();
  const trials = [0.9, 0.8, 0.7].map((objective) => scenario.complete(objective));
  const { study } = scenario;
  assert.equal(study.status, "finalizing");
  let evaluations = 0;
  const submitted: string[] = [];
  const context = {
    evaluator: {
      check: async () => undefined,
      evaluate: async () => {
        evaluations += 1;
        return { test: TEST_RESULT, models: [] };
      },
    },
    logger: createLogger({ service: "c", instance: "t", level: "silent" }),
    signal: new AbortController().signal,
    study: () => study,
    submit: async (_: string, { type }: { readonly type: string }) => {
      submitted.push(type);
      throw new AnotherWriterError(study.id);
    },
    timers: { ...systemTimers, after: () => assert.fail("it waits for another attempt") },
  };
  await evaluateBest(context, study, { type: "evaluate-best", trialId: trials[0]?.id ?? "", weights: WEIGHTS });
  assert.equal(evaluations, 1);
  assert.deepEqual(submitted, ["best-evaluated"]);
});
