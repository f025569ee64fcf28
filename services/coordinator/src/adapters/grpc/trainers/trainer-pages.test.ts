import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ServerError, Status } from "nice-grpc-common";
import { epochOf, Scenario } from "../../../core/scenario.fixture.js";
import { listedTrainers } from "../../../shell/running/listed-trainers.js";
import { trainerPage } from "./trainer-pages.js";

const OFFER = { engine: "onnx", flavour: "small", gpus: 0, gpuMemoryBytes: 0, memoryBytes: 2 ** 33 };
const SEEN = { offer: OFFER, since: new Date(0), lastSeen: new Date(5_000) };

const liveTrainers = (...ids: string[]) => ids.map((trainerId) => ({ ...SEEN, trainerId }));

const FIRST = { pageSize: 0, pageToken: "" };

describe("the list of trainers", () => {
  test("names what each trains, up to its last epoch", () => {
    const scenario = new Scenario();
    const trial = scenario.suggest();
    const lease = scenario.lease(trial, "trainer-2");
    const live = liveTrainers("trainer-2", "trainer-1");
    const listed = () => trainerPage(listedTrainers(live, [], [scenario.study]), FIRST).trainers;
    const work = { studyId: scenario.study.id, trialId: trial.id, attempt: 1 };
    assert.deepEqual(
      listed().map(({ id, trials }) => [id, trials]),
      [
        ["trainer-1", []],
        ["trainer-2", [{ ...work, epoch: undefined, execution: 0 }]],
      ],
    );
    scenario.report(lease, epochOf(0, 0.5));
    assert.deepEqual(listed()[1]?.trials, [{ ...work, epoch: 0, execution: 0 }]);
  });

  test("continues on the next page after the last trainer, also if that one is gone", () => {
    const all = listedTrainers(liveTrainers("c", "a", "b"), [], []);
    const page = trainerPage(all, { pageSize: 2, pageToken: "" });
    assert.deepEqual([page.trainers.map(({ id }) => id), page.nextPageToken], [["a", "b"], "b"]);
    const next = trainerPage(listedTrainers(liveTrainers("c", "a"), [], []), { pageSize: 2, pageToken: "b" });
    assert.deepEqual([next.trainers.map(({ id }) => id), next.nextPageToken], [["c"], ""]);
  });

  test("refuses a token that is no id of a trainer", () => {
    assert.throws(
      () => trainerPage([], { pageSize: 0, pageToken: "\u0000" }),
      (error) => error instanceof ServerError && error.code === Status.INVALID_ARGUMENT,
    );
  });
});
