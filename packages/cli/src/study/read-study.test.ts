import assert from "node:assert/strict";
import { test } from "node:test";
import { ListTrialsResponse } from "@sintonia/proto/sintonia/v1/admin";
import { readTrials } from "./read-study.js";
import { aCompletedTrial, measurementsOf } from "./study.fixture.js";

test("joins the parts of a trial that spans several pages", async () => {
  const parts = [
    { trials: [aCompletedTrial("0", 0.9), aCompletedTrial("1", 0.8, { measurements: measurementsOf(3) })] },
    { trials: [aCompletedTrial("1", 0.8, { measurements: measurementsOf(5).slice(3) })] },
    { trials: [aCompletedTrial("2", 0.7)] },
  ];
  const counts: number[] = [];
  const listTrials = async ({ pageToken = "" }: { pageToken?: string }) => {
    const index = Number(pageToken);
    const nextPageToken = index + 1 < parts.length ? String(index + 1) : "";
    return ListTrialsResponse.fromPartial({ ...parts[index], nextPageToken } as never);
  };
  const request = { studyId: "s", withMeasurements: true, onPage: (count: number) => counts.push(count) };
  const trials = await readTrials({ listTrials }, request);
  assert.deepEqual(
    trials.map(({ id, measurements }) => [id, measurements.map(({ epoch }) => epoch)]),
    [
      ["0", []],
      ["1", [0, 1, 2, 3, 4]],
      ["2", []],
    ],
  );
  assert.deepEqual(counts, [2, 2, 3]);
});
