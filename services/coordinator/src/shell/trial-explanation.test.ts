import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemClock, systemTimers } from "@sintonia/runtime/clock";
import { createLogger } from "@sintonia/runtime/logger";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import { suggestSuccessively } from "@sintonia/tuning/oracle/contract/successive-suggestions";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import { MemoryStudyLog } from "../adapters/memory/study-log.js";
import { TASKS } from "../adapters/threads/tasks.js";
import { suggestionRequest } from "../core/query/oracle-request.js";
import { Scenario, specOf } from "../core/scenario.fixture.js";
import type { StudyEvent } from "../core/state/event.js";
import type { Trial } from "../core/state/study.js";
import { appendRecord, EMPTY_CHAIN } from "./study/journal.js";
import { explainTrial, UnexplainedTrialError } from "./trial-explanation.js";

const STUDY = "study";
const CREATED: StudyEvent = { type: "study-created", studyId: STUDY, spec: specOf() };

function queued(trialId: string, stddev: number, basis?: number): StudyEvent {
  const values = { stddev };
  return { type: "trial-queued", trialId, values, source: "random", ...(basis === undefined ? {} : { basis }) };
}

async function logOf(...steps: readonly (readonly StudyEvent[])[]): Promise<MemoryStudyLog> {
  const log = new MemoryStudyLog();
  const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
  const { signal } = new AbortController();
  const context = { logger, signal, clock: systemClock, timers: systemTimers, onFault: () => undefined };
  let head = EMPTY_CHAIN;
  for (const events of steps) {
    head = await appendRecord(log, head, { studyId: STUDY, at: 1, events }, context);
  }
  return log;
}

/** An oracle with a fixed suggestion that records its requests. */
function oracleOf(answer: Explanation | "exhausted") {
  const requests: SuggestionRequest[] = [];
  const oracles = {
    suggest: async () => (answer === "exhausted" ? answer : answer.suggestion),
    explain: async (_: unknown, request: SuggestionRequest) => {
      requests.push(request);
      return answer;
    },
    importance: async () => undefined,
    slice: async () => undefined,
    contenders: async () => [],
    select: async () => assert.fail("nothing is selected"),
    close: async () => undefined,
  };
  return { oracles, requests };
}

/** Queues trials with suggestions by one request. */
function suggestTo(scenario: Scenario, count: number): readonly Trial[] {
  const { study } = scenario;
  const trialNumber = study.trials.length;
  const request = suggestionRequest(study, trialNumber);
  const suggestions = suggestSuccessively(createOracle(study.spec.oracle), request, ({ length }) => length === count);
  scenario.submit({ type: "suggestions-ready", trialNumber, basis: study.eventCount, suggestions });
  return scenario.study.trials.slice(trialNumber);
}

const SAME: Explanation = { suggestion: { values: { stddev: 0.02 }, source: "random" }, place: { index: 1 } };

describe("the explanation of a trial", () => {
  it("repeats the oracle's request with the events of its basis, without later ones", async () => {
    const log = await logOf(
      [CREATED],
      [queued("0", 0.05, 1)],
      [{ type: "lease-granted", trialId: "0", attempt: 1, token: 1, trainerId: "trainer" }],
      [{ type: "trial-infeasible", trialId: "0", message: "NaN" }],
      [queued("1", 0.02, 2)],
      [queued("2", 0.07, 5)],
    );
    const { oracles, requests } = oracleOf(SAME);
    const { explanation, request } = await explainTrial({ log, oracles }, STUDY, "1");
    assert.equal(explanation, SAME);
    assert.equal(requests[0], request);
    const { trialNumber, pending, infeasible } = request;
    assert.deepEqual(
      { trialNumber, pending, infeasible },
      { trialNumber: 1, pending: [{ stddev: 0.05 }], infeasible: [] },
    );
  });

  it("knows the trials that the same request queued before, and nothing else after its basis", async () => {
    const log = await logOf(
      [CREATED],
      [queued("0", 0.05, 1)],
      [{ type: "lease-granted", trialId: "0", attempt: 1, token: 1, trainerId: "trainer" }],
      [{ type: "trial-infeasible", trialId: "0", message: "NaN" }],
      [queued("1", 0.07, 3), queued("2", 0.02, 3)],
      [queued("3", 0.06, 6)],
    );
    const { oracles, requests } = oracleOf(SAME);
    await explainTrial({ log, oracles }, STUDY, "2");
    const { trialNumber, suggestionIndex, pending, infeasible } = requests[0] ?? assert.fail("no request");
    assert.deepEqual([trialNumber, suggestionIndex, infeasible], [2, 2, []]);
    assert.deepEqual(pending, [{ stddev: 0.05 }, { stddev: 0.07 }]);
  });

  it("computes every suggestion of one request again, bit for bit", async () => {
    const spec = { ...specOf({ maxTrials: 24 }), oracle: { type: "bayesian" } } as const;
    const scenario = new Scenario(spec);
    for (const _ of Array(12)) {
      const [one] = suggestTo(scenario, 1);
      scenario.train(one ?? assert.fail("no trial"), scenario.study.trials.length / 24);
    }
    assert.equal(suggestTo(scenario, 3).length, 3);
    const log = await logOf(scenario.events);
    const oracles = { explain: async (...given: Parameters<typeof TASKS.explain>) => TASKS.explain(...given) };
    for (const { id, values } of scenario.study.trials.slice(11)) {
      const { explanation } = await explainTrial({ log, oracles }, STUDY, id);
      assert.deepEqual(explanation.suggestion.values, values, `trial ${id}`);
    }
  });

  it("names each difference between the recorded and the repeated suggestion", async () => {
    const log = await logOf([CREATED], [queued("0", 0.05, 1)]);
    const explain = (answer: Explanation | "exhausted") => explainTrial({ log, ...oracleOf(answer) }, STUDY, "0");
    await assert.rejects(explain(SAME), (error) => {
      assert.ok(error instanceof UnexplainedTrialError);
      assert.match(error.message, /other values for trial 0: stddev: 0.05, now 0.02\./);
      return true;
    });
    await assert.rejects(
      explain({ suggestion: { values: { stddev: 0.05 }, source: "model" } }),
      /The oracle failed for trial 0, and a random point/,
    );
    await assert.rejects(explain("exhausted"), /the oracle suggests nothing for trial 0/);
  });

  it("accepts the defaults for a trial that an old log calls a point of the initial design", async () => {
    const old = { ...queued("0", 0.05, 1), source: "initial-design" } as StudyEvent;
    const log = await logOf([CREATED], [old]);
    const defaults = { suggestion: { values: { stddev: 0.05 }, source: "defaults" } } as const;
    const { explanation } = await explainTrial({ log, ...oracleOf(defaults) }, STUDY, "0");
    assert.equal(explanation.suggestion.source, "defaults");
  });

  it("names the trial that a replicate executes again", async () => {
    const replicate = { ...queued("1", 0.05), source: "replicate", replicates: { trialId: "0", round: 0 } } as const;
    const log = await logOf([CREATED], [queued("0", 0.05, 1)], [replicate]);
    await assert.rejects(explainTrial({ log, ...oracleOf(SAME) }, STUDY, "1"), /executes trial 0 again/);
  });

  it("refuses a log of an earlier version and an unknown trial", async () => {
    const log = await logOf([CREATED], [queued("0", 0.05)]);
    const explain = (trialId: string) => explainTrial({ log, ...oracleOf(SAME) }, STUDY, trialId);
    await assert.rejects(explain("0"), /does not record which events the oracle used .* an earlier version/);
    await assert.rejects(explain("1"), /has no trial 1/);
  });
});
