import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { epochOf, Scenario, specOf, WEIGHTS } from "../scenario.fixture.js";
import type { StudyEvent } from "./event.js";
import { Evolution, evolve, evolveAll } from "./evolve.js";
import { isOutstanding, type Study } from "./study.js";

const TRIALS = 12;

/** Returns the events of a study whose trials end in every way, and resume from checkpoints. */
function eventsOfStudy(): readonly StudyEvent[] {
  const scenario = new Scenario(specOf({ maxTrials: TRIALS, parallelTrials: 4, maxConsecutiveFailures: 99 }), 4);
  for (let number = 0; number < TRIALS; number++) trainTrial(scenario, number);
  scenario.submit({ type: "stop-study", reason: "Enough." });
  return scenario.events;
}

function trainTrial(scenario: Scenario, number: number): void {
  const trial = scenario.suggest(0.01 + number / 200);
  const first = scenario.lease(trial);
  for (const epoch of [0, 1, 2]) scenario.report(first, epochOf(epoch, 0.5 + number / 100));
  if (number % 2 === 0) scenario.save(first, 1, 10 * number);
  scenario.submit({ type: "fail-trial", lease: first, kind: "interrupted", message: "The trainer stops." });
  const lease = scenario.lease(trial, "trainer-2");
  const [checkpoint] = scenario.trial(number).checkpoints;
  if (checkpoint !== undefined) {
    scenario.submit({ type: "resume-trial", lease, sha256: checkpoint.artifact.sha256 });
    scenario.report(lease, epochOf(2, 0.6));
    scenario.save(lease, 2, 10 * number + 1);
    scenario.report(lease, epochOf(3, 0.7));
  } else scenario.report(lease, epochOf(0, 0.6));
  if (number % 4 === 3) scenario.submit({ type: "fail-trial", lease, kind: "error", message: "It broke." });
  else if (number < TRIALS - 2) scenario.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
}

/** Applies events, and takes the study after every `interval` of them. */
function studiesEvery(interval: number, events: readonly StudyEvent[]): readonly Study[] {
  const evolution = new Evolution(undefined);
  return events.flatMap((event, index) => {
    evolution.apply(event, index);
    return (index + 1) % interval === 0 || index === events.length - 1 ? [evolution.take() as Study] : [];
  });
}

describe("a study's evolution", () => {
  const events = eventsOfStudy();

  it("ends in the same bytes, however often the study is taken", () => {
    const single = events.reduce<Study | undefined>((study, event, index) => evolve(study, event, index), undefined);
    for (const interval of [1, 2, 3, 7, 16, events.length]) {
      const last = studiesEvery(interval, events).at(-1);
      assert.equal(JSON.stringify(last), JSON.stringify(single), `taken after every ${interval} events`);
    }
  });

  it("changes no study that was taken", () => {
    const evolution = new Evolution(undefined);
    const taken = events.map((event, index) => {
      evolution.apply(event, index);
      const study = evolution.take() as Study;
      return { study, text: JSON.stringify(study) };
    });
    for (const { study, text } of taken) assert.equal(JSON.stringify(study), text, `after ${study.eventCount} events`);
  });

  it("changes no study that it was given", () => {
    const half = Math.floor(events.length / 2);
    const before = evolveAll(undefined, events.slice(0, half), 0);
    const text = JSON.stringify(before);
    evolveAll(before, events.slice(half), 1);
    assert.equal(JSON.stringify(before), text);
  });

  it("returns the given study itself without events", () => {
    const study = evolveAll(undefined, events, 0);
    assert.equal(evolveAll(study, [], 1), study);
  });

  it("counts the trials that have not ended", () => {
    for (const study of studiesEvery(1, events)) {
      const outstanding = study.trials.filter(isOutstanding).length;
      assert.equal(study.outstandingCount, outstanding, `after ${study.eventCount} events`);
    }
  });

  it("copies lists once between two studies, not for every event", () => {
    const copiesEvery = (interval: number): number => spreadsIn(() => studiesEvery(interval, events));
    const lists = 2 * TRIALS + 1;
    assert.ok(copiesEvery(1) - copiesEvery(events.length) > events.length - lists);
  });
});

/** Returns the number of arrays that a call spreads. */
function spreadsIn(call: () => void): number {
  const { prototype } = Array;
  const iterate = prototype[Symbol.iterator];
  let count = 0;
  prototype[Symbol.iterator] = function (this: unknown[]) {
    count += 1;
    return iterate.call(this);
  };
  try {
    call();
  } finally {
    prototype[Symbol.iterator] = iterate;
  }
  return count;
}
