// A study with several objectives and limits, by the built command line and real trainers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandFolder, resultsOf } from "../support/cli.js";

interface FrontTrial {
  readonly trial: string;
  readonly outcomes: Readonly<Record<string, { readonly measured: number }>>;
}

interface FrontResults {
  readonly study: { readonly state: string };
  readonly trials: readonly { readonly state: string; readonly values: Readonly<Record<string, number>> }[];
  readonly best: { readonly id: string };
  readonly selection: { readonly rule: string; readonly trial: string };
  readonly front: readonly FrontTrial[];
  readonly testReadings: readonly { readonly trial: string; readonly test: { readonly accuracy: number } }[];
}

test("a study of accuracy and size ends with a front, whose trials are each tested once", async (context) => {
  const folder = new CommandFolder(context);
  folder.writeExample("front");
  const results = resultsOf<FrontResults>(
    await folder.runSpec("study.yaml", "--trials", "12", "--trainers", "2").ended,
  );
  const { study, trials, best, selection, front, testReadings } = results;
  assert.equal(study.state, "completed");
  assert.ok(trials.every(({ state }) => state === "completed"));
  assert.ok(front.length > 1, JSON.stringify(front));
  const measuredIn = ({ outcomes }: FrontTrial, name: string) => outcomes[name]?.measured ?? Number.NaN;
  for (const member of front) {
    const units = trials[Number(member.trial)]?.values["units"] as number;
    assert.equal(measuredIn(member, "parameters"), 785 * units + (units + 1) * 10);
    assert.ok(measuredIn(member, "val_loss") <= 0.6);
    assert.ok(measuredIn(member, "latency_ms") > 0 && measuredIn(member, "latency_ms") <= 20);
    const isBeaten = front.some(
      (other) =>
        measuredIn(other, "parameters") < measuredIn(member, "parameters") &&
        measuredIn(other, "val_accuracy") >= measuredIn(member, "val_accuracy"),
    );
    assert.ok(!isBeaten, JSON.stringify(front));
  }
  const ids = front.map(({ trial }) => trial);
  assert.deepEqual([selection.rule, selection.trial], ["knee", best.id]);
  assert.deepEqual(testReadings.map(({ trial }) => trial).sort(), ids.toSorted());
  assert.equal(testReadings.at(-1)?.trial, best.id, "the picked trial is tested last");
  assert.ok(testReadings.every(({ test: { accuracy } }) => accuracy > 0.5));

  const shown = JSON.parse((await folder.read("best").ended).stdout) as Pick<FrontResults, "front">;
  assert.deepEqual(shown.front, front);
});
