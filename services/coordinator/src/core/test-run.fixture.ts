// A study of a program whose best trial is tested.

import type { Measurement } from "@sintonia/protocol/measurement";
import type { ProgramStudy } from "@sintonia/tuning/spec/study-spec";
import { Scenario, selectionOf, specOf } from "./scenario.fixture.js";

/** Returns the spec of a program with a test, of two trials. */
export function testedStudy(): ProgramStudy {
  const { name, budget, seed, oracle, parameters } = specOf({ maxTrials: 2 });
  return {
    name,
    budget,
    seed,
    oracle,
    parameters,
    objective: { metric: "val_accuracy", goal: "maximize" },
    program: {
      command: ["train", "${stddev}"],
      test: { command: ["measure", "--stddev=${stddev}"] },
      metrics: { from: "report" },
      graceSeconds: 30,
      keep: "best-epoch",
    },
  };
}

/** Returns a report of a test. */
export function figuresOf(epoch: number, metrics: Measurement["metrics"]): Measurement {
  return { execution: 0, epoch, metrics, learningRate: 0, seconds: 1 };
}

/** Returns a study of two trials, whose trial 1 waits for its test. */
export function testedScenario(spec = testedStudy()): Scenario {
  const scenario = new Scenario(spec);
  for (const accuracy of [0.5, 0.9]) scenario.complete(accuracy);
  scenario.takeEffects();
  scenario.submit({ type: "selection-ready", selection: selectionOf("1", 2) });
  return scenario;
}
