import assert from "node:assert/strict";
import { test } from "node:test";
import { ListCurvesRequest, ListCurvesResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { Measurement } from "@sintonia/protocol/measurement";
import { trialIdOf } from "@sintonia/protocol/names.fixture";
import { PackedMeasurements } from "../../../core/measurements/packed.js";
import { Scenario, specOf } from "../../../core/scenario.fixture.js";
import { NO_LOSSES } from "../../../core/state/failures.js";
import type { Study, Trial } from "../../../core/state/study.js";
import { curvePage } from "./curve-pages.js";

test("returns the curves of the objective's metric by trial and execution, in pages of the wanted size", () => {
  const study = studyOf(3, (trial) => [0, 1].flatMap((execution) => epochs({ execution, count: 2 + trial })));
  const pages = pagesOf(study, { pageSize: 4 });
  assert.deepEqual(
    pages.map(({ length }) => length),
    [4, 2],
  );
  assert.deepEqual(
    pages.flat().map(({ trialId, execution, epochs: own }) => [trialId, execution, own.length]),
    [0, 1, 2].flatMap((trial) => [0, 1].map((execution) => [`000${trial}`, execution, 2 + trial])),
  );
  assert.deepEqual(pages[0]?.[0]?.values, [0, 0.5]);
});

test("returns another metric, and no curve where a trial lacks it", () => {
  const study = studyOf(2, (trial) => (trial === 0 ? epochs({ metrics: { loss: 3 } }) : epochs({})));
  const [page] = pagesOf(study, { metric: "loss" });
  assert.deepEqual(
    page?.map(({ trialId, values }) => [trialId, values]),
    [["0000", [3, 3]]],
  );
});

test("the pages of 200 trials of 10,000 epochs have every curve once, with at most 200 points", () => {
  const study = studyOf(200, () => new PackedMeasurements(["val_accuracy"], LONG));
  const pages = pagesOf(study, {});
  assert.ok(pages.length > 1);
  const curves = pages.flat();
  assert.deepEqual(
    curves.map(({ trialId }) => trialId),
    study.trials.map(({ id }) => id),
  );
  assert.ok(curves.every(({ epochs: kept }) => kept.length <= 200 && kept.length > 150));
});

test("an answer of the largest curves stays below the limit of a message", () => {
  const study = studyOf(1_000, () => new PackedMeasurements(["val_accuracy"], LONG));
  const { curves } = curvePage(study, study.trials, { start: START, request: requestOf({ maxPoints: 2_000 }) });
  assert.ok(ListCurvesResponse.encode({ curves, nextPageToken: "" }).finish().length < 2 * 1024 * 1024);
});

test("refuses limits of points out of range", () => {
  const study = studyOf(1, () => epochs({}));
  for (const maxPoints of [1, 2_001])
    assert.throws(() => pagesOf(study, { maxPoints }), /max_points: received \d+, expected 2 to 2000/);
});

const START = { trial: 0, measurement: 0 };

/** The packed numbers of 10,000 epochs: execution, epoch, learning rate, seconds, metric. */
const LONG = Float64Array.from({ length: 50_000 }, (_, i) => {
  const epoch = Math.floor(i / 5);
  return [0, epoch, 0.1, 1, Math.sin(epoch)][i % 5] as number;
});

function requestOf(request: Partial<ListCurvesRequest>): ListCurvesRequest {
  return ListCurvesRequest.fromPartial({ studyId: "study", ...request });
}

function pagesOf(study: Study, request: Partial<ListCurvesRequest>) {
  const pages = [];
  for (let start: typeof START | undefined = START; start !== undefined; ) {
    const page: ReturnType<typeof curvePage> = curvePage(study, study.trials, { start, request: requestOf(request) });
    pages.push(page.curves);
    start = page.next;
  }
  return pages;
}

/** Returns measurements whose metric grows by 0.5 with each epoch. */
function epochs({
  execution = 0,
  count = 2,
  metrics = {},
}: {
  readonly execution?: number;
  readonly count?: number;
  readonly metrics?: Readonly<Record<string, number>>;
}): Measurement[] {
  return Array.from({ length: count }, (_, epoch) => {
    return { execution, epoch, metrics: { val_accuracy: epoch / 2, ...metrics }, learningRate: 0.1, seconds: 1 };
  });
}

function studyOf(count: number, measurementsOf: (trial: number) => Trial["measurements"]): Study {
  const { study } = new Scenario(specOf(), 0);
  const trials = Array.from({ length: count }, (_, trial): Trial => {
    return {
      id: trialIdOf(String(trial).padStart(4, "0")),
      state: "completed",
      values: {},
      source: "model",
      number: trial,
      attempt: 1,
      losses: NO_LOSSES,
      checkpoints: [],
      measurements: measurementsOf(trial),
    };
  });
  return { ...study, trials };
}
