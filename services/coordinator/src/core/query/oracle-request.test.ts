import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { suggestSuccessively } from "@sintonia/tuning/oracle/contract/successive-suggestions";
import type { Suggestion, SuggestionRequest } from "@sintonia/tuning/oracle/contract/suggestion";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { ORACLE_NAMES } from "@sintonia/tuning/spec/schema";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { recover } from "../apply.js";
import { epochOf, RULES, Scenario, specOf, WEIGHTS } from "../scenario.fixture.js";
import { evolveAll } from "../state/evolve.js";
import { enqueuedSuggestion, suggestionRequest } from "./oracle-request.js";

const ENQUEUED = [{ stddev: 0.02 }, { stddev: 0.07 }, { stddev: 0.02 }];
const DEFAULTS = { stddev: 0.05 };
const WARM = [0.011, 0.04, 0.09, 0.03].map((stddev, i) => ({ values: { stddev }, objective: 0.8 + i / 100 }));
const TRIALS = 7;

function specWith(type: StudySpec["oracle"]["type"], warmStart: StudySpec["warmStart"] = []): StudySpec {
  return {
    ...specOf({ maxTrials: TRIALS, parallelTrials: 3, maxConsecutiveFailures: 99 }),
    oracle: { type },
    parameters: { stddev: { type: "double", min: 0.01, max: 0.1, scale: "linear", default: DEFAULTS.stddev } },
    enqueue: ENQUEUED,
    warmStart,
  };
}

/** Queues the next trial as the shell does, and returns its values and source. */
function suggestNext(scenario: Scenario): { readonly values: ParameterValues; readonly source: string } {
  const { study } = scenario;
  const trialNumber = study.trials.length;
  const request = suggestionRequest(study, trialNumber);
  const suggestion = enqueuedSuggestion(study) ?? createOracle(study.spec.oracle).suggest(request);
  assert.notEqual(suggestion, "exhausted");
  const suggestions = [suggestion as Suggestion];
  scenario.submit({ type: "suggestions-ready", trialNumber, basis: study.eventCount, suggestions });
  return scenario.trial(trialNumber);
}

/** Ends the oldest outstanding trial: completed, given back and completed, failed, infeasible. */
function endOldest(scenario: Scenario, kind: number): void {
  const trial = scenario.study.trials.find(({ state }) => state === "queued");
  if (trial === undefined) return;
  const trainerId = `trainer-of-${trial.id}`;
  if (kind === 1) {
    const lease = scenario.lease(trial, trainerId);
    scenario.submit({ type: "fail-trial", lease, kind: "interrupted", message: "The trainer stops." });
  }
  if (kind < 2) scenario.train(trial, 0.9);
  else {
    const lease = scenario.lease(trial, trainerId);
    scenario.report(lease, epochOf(0, 0.9));
    scenario.submit({ type: "fail-trial", lease, kind: kind === 2 ? "error" : "infeasible", message: "It broke." });
  }
}

function restart(scenario: Scenario): void {
  const study = evolveAll(undefined, scenario.events, 0) ?? assert.fail("the log has no study");
  scenario.state = recover(study, scenario.now(), RULES).state;
  scenario.tick(3);
}

describe("the suggestions of a study", () => {
  for (const type of ORACLE_NAMES) {
    for (const warmStart of [[], WARM]) {
      it(`of ${type} with ${warmStart.length} warm results: enqueued points, then the defaults`, () => {
        const scenario = new Scenario(specWith(type, warmStart), 3);
        const made = Array.from({ length: TRIALS }, (_, number) => {
          const next = suggestNext(scenario);
          if (number % 3 > 0) endOldest(scenario, number % 4);
          if (number % 2 === 0) restart(scenario);
          return next;
        });
        const values = made.slice(0, 4).map((trial) => trial.values);
        assert.deepEqual(values, [...ENQUEUED, DEFAULTS]);
        const sources = made.map(({ source }) => source);
        assert.deepEqual(sources.slice(0, 4), ["enqueued", "enqueued", "enqueued", "defaults"]);
        assert.ok(
          sources.slice(4).every((source) => source !== "enqueued" && source !== "defaults"),
          `${sources}`,
        );
        assert.ok(scenario.study.trials.some(({ state }) => state === "failed"));
        const { suggestionIndex } = suggestionRequest(scenario.study, TRIALS);
        assert.equal(suggestionIndex, TRIALS - 4);
      });
    }
  }
});

describe("suggestions by one request", () => {
  for (const type of ORACLE_NAMES) {
    for (const trials of [0, 9]) {
      it(`of ${type} after ${trials} trials are those of single requests`, () => {
        const { enqueue: _, ...spec } = specWith(type);
        const parameters = {
          ...spec.parameters,
          units: { type: "integer", min: 1, max: 9, step: 1, scale: "linear" },
        } as const;
        const budget = { ...spec.budget, maxTrials: trials + 4 };
        const scenario = new Scenario({ ...spec, budget, parameters }, 4);
        for (let number = 0; number < trials; number++) {
          suggestNext(scenario);
          if (number % 4 > 0) endOldest(scenario, number % 4);
        }
        const request = suggestionRequest(scenario.study, trials);
        const suggestions = suggestSuccessively(createOracle({ type }), request, ({ length }) => length === 4);
        const single = Array.from({ length: 4 }, () => suggestNext(scenario));
        assert.deepEqual(
          suggestions,
          single.map(({ values, source }) => ({ values, source })),
        );
      });
    }
  }

  it("end before a fault, which the next request meets", () => {
    const suggestion: Suggestion = { values: { stddev: 0.02 }, source: "model" };
    const suggest = ({ trialNumber }: SuggestionRequest): Suggestion => {
      if (trialNumber === 2) throw new Error("no such matrix");
      return suggestion;
    };
    const ask = (trialNumber: number) => {
      const request = suggestionRequest(new Scenario(specWith("random")).study, trialNumber);
      return suggestSuccessively({ suggest }, request, () => false);
    };
    assert.deepEqual(ask(0), [suggestion, suggestion]);
    assert.throws(() => ask(2), /no such matrix/);
  });

  it("end where the oracle is exhausted", () => {
    const { enqueue: _, ...spec } = specWith("grid");
    const parameters = { stddev: { type: "categorical", values: [1, 2, 3] } } as const;
    const request = suggestionRequest(new Scenario({ ...spec, parameters }).study, 0);
    const suggestions = suggestSuccessively(createOracle({ type: "grid" }), request, ({ length }) => length > 9);
    assert.equal(suggestions.length, 3);
  });
});

describe("the observations of a data set with folds", () => {
  const dataset = { path: "x.csv", target: "y", task: "classification", split: { folds: 2 } } as const;

  function executions(spec: StudySpec, count: number): readonly (number | undefined)[] {
    const scenario = new Scenario(spec);
    for (const first of [0.5, 0.6].slice(0, count)) {
      const lease = scenario.lease(scenario.suggest());
      for (const measurement of [epochOf(0, first), epochOf(0, first + 0.3, 1)]) scenario.report(lease, measurement);
      scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    }
    const { completed } = suggestionRequest(scenario.study, count);
    assert.equal(completed.length, count);
    return completed.map(({ executions }) => executions && Math.round(1e9 * executions.variance) / 1e9);
  }

  it("have the noise that the effects of the folds leave", () => {
    const spec = specOf({ maxTrials: 3, executionsPerTrial: 2 });
    assert.deepEqual(executions(spec, 2), [0.045, 0.045]);
    assert.deepEqual(executions({ ...spec, dataset }, 2), [0, 0]);
  });

  it("have an unknown noise while one trial has completed", () => {
    assert.deepEqual(executions({ ...specOf({ maxTrials: 3, executionsPerTrial: 2 }), dataset }, 1), [undefined]);
  });
});
