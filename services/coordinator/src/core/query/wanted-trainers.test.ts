import assert from "node:assert/strict";
import { it } from "node:test";
import type { Resources } from "@sintonia/tuning/spec/resources";
import { Scenario, specOf } from "../scenario.fixture.js";
import type { Study } from "../state/study.js";
import { wantedByClass, wantedTrainers } from "./wanted-trainers.js";

function study(budget: Parameters<typeof specOf>[0], change: Partial<Study> = {}): Study {
  return { ...new Scenario(specOf(budget), 4).study, ...change };
}

it("wants a trainer for each trial that could run", () => {
  const done = Array.from({ length: 7 }) as Study["trials"];
  for (const [wanted, given] of [
    [10, study({ maxTrials: 10 })],
    [4, study({ maxTrials: 10, parallelTrials: 4 })],
    [3, study({ maxTrials: 10 }, { trials: done, outstandingCount: 0 })],
    [5, study({ maxTrials: 10 }, { trials: done, outstandingCount: 2 })],
    [2, study({ maxTrials: 10 }, { trials: done, outstandingCount: 2, oracleExhausted: true })],
    [2, study({ maxTrials: 10 }, { trials: done, outstandingCount: 2, searchEnded: true })],
    [6, study({ maxTrials: 10, parallelTrials: 4 }, { trials: done, outstandingCount: 6 })],
    [0, study({ maxTrials: 10 }, { status: "finalizing" })],
    [0, study({ maxTrials: 10 }, { status: "completed" })],
  ] as const) {
    assert.equal(wantedTrainers(given), wanted);
  }
});

it("counts the wanted trainers by the resource class of their studies, which are limited", () => {
  const asking = (resources: Resources): Study => {
    const of = study({ maxTrials: 10, parallelTrials: 4 });
    return { ...of, spec: { ...of.spec, resources } };
  };
  const studies = [asking({}), asking({ gpu: 1 }), asking({ gpu: 1 }), asking({ gpu: 1, flavour: "a100" })];
  assert.deepEqual(Object.fromEntries(wantedByClass(studies)), { any: 4, gpu: 8, a100: 4 });
  assert.deepEqual(Object.fromEntries(wantedByClass([], ["gpu"])), { any: 0, gpu: 0 });
  const many = Array.from({ length: 300 }, (_, number) => asking({ flavour: `f${number}` }));
  const wanted = wantedByClass(many);
  assert.equal(wanted.size, 103);
  assert.equal(
    [...wanted.values()].reduce((sum, count) => sum + count, 0),
    1_200,
  );
});
