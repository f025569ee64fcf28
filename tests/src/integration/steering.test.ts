// Studies that a person steers while trials run: on real processes, across restarts of the
// coordinator.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { StopMode } from "@sintonia/proto/sintonia/v1/admin";
import { type Study, StudyState, type Trial, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { ClientError, Status } from "nice-grpc";
import { fetchStudy, untilAnswered, untilCompleted, untilCreated } from "../chaos/watch.js";
import { installedForEach } from "./installed.fixture.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 180_000 };
const TRIALS = 6;
const TRAINERS = 2;
/** Interval between two looks, in ms. */
const LOOK_MS = 100;

/** Reports an epoch, waits for the file GATE, and reports its result. */
const PROGRAM = `
echo '{"metrics":{"score":1},"epoch":0}' >&3; read answer <&4 || exit 75
while [ ! -e "$GATE" ]; do sleep 0.1; done
echo "{\\"metrics\\":{\\"score\\":$1},\\"epoch\\":1}" >&3; read answer <&4 || exit 75
`;

describe("a study that a person steers", () => {
  const installed = installedForEach("steering", {
    counts: { trainer: TRAINERS, coordinator: 1, nats: 1 },
    leaseTtlMs: 15_000,
  });

  async function create(studyId: string): Promise<void> {
    const spec = {
      name: "steered",
      program: {
        command: ["sh", "-c", PROGRAM, "trial", `\${x}`],
        environment: { GATE: path.join(installed.folder, "gate") },
      },
      objective: { metric: "score", goal: "maximize" },
      // More trials than trainers: some are queued when the study is paused.
      budget: { maxTrials: TRIALS, maxAttemptsPerTrial: 1, parallelTrials: TRAINERS + 1 },
      selection: { rule: "observed" },
      oracle: { type: "random" },
      seed: 1,
      parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
    };
    await untilCreated(installed.admin.client, studyId, JSON.stringify(spec));
  }

  /** Waits until a study and its trials are as wanted, and returns them. */
  async function until(studyId: string, isWanted: (study: Study, trials: readonly Trial[]) => boolean) {
    for (;;) {
      const { study } = await untilAnswered(() => installed.admin.client.getStudy({ studyId }));
      const { trials } = await untilAnswered(() => installed.admin.client.listTrials({ studyId }));
      if (study !== undefined && isWanted(study, trials)) return { study, trials };
      await delay(LOOK_MS);
    }
  }

  const openGate = (): void => writeFileSync(path.join(installed.folder, "gate"), "");
  const numberIn = (trials: readonly Trial[], state: TrialState): number =>
    trials.filter((trial) => trial.state === state).length;

  /** Returns the values and the objective of each trial, and the chosen one. */
  async function resultsOf(studyId: string) {
    const { study, trials } = await until(studyId, () => true);
    const results = trials.map(({ id, values, objective, attempt }) => ({ id, values, objective, attempt }));
    return { best: study.bestTrialId, results };
  }

  it(
    "ends its running trials in a pause, begins none across a restart, and ends as one without a pause",
    LIMIT,
    async () => {
      await create("paused");
      await until(
        "paused",
        (_, trials) => numberIn(trials, TrialState.RUNNING) === TRAINERS && trials.length > TRAINERS,
      );
      await installed.admin.client.pauseStudy({ studyId: "paused", reason: "The machines are needed." });
      openGate();
      await until("paused", (_, trials) => numberIn(trials, TrialState.COMPLETED) === TRAINERS);
      await installed.installation.process("coordinator", 0).restart("SIGKILL", 0);
      // Another study needs both trainers and several ticks: the paused one leaves them to it.
      await create("undisturbed");
      await untilCompleted(installed.admin.client, "undisturbed");
      const { study, trials } = await until("paused", () => true);
      assert.equal(study.pause?.reason, "The machines are needed.");
      assert.equal(study.waiting?.reason, WaitReason.PAUSED);
      assert.deepEqual(
        trials.map(({ state, waiting }) => [state, waiting?.reason]),
        [
          [TrialState.COMPLETED, undefined],
          [TrialState.COMPLETED, undefined],
          [TrialState.QUEUED, WaitReason.PAUSED],
        ],
      );
      await installed.admin.client.resumeStudy({ studyId: "paused" });
      await untilCompleted(installed.admin.client, "paused");
      assert.deepEqual(await resultsOf("paused"), await resultsOf("undisturbed"));
      const { events } = await fetchStudy(installed.admin.client, "paused");
      const told = events.map(({ event }) => event.type).filter((type) => /^study-(paused|resumed)$/.test(type));
      assert.deepEqual(told, ["study-paused", "study-resumed"]);
      await assert.rejects(
        installed.admin.client.pauseStudy({ studyId: "paused", reason: "Too late." }),
        (error: unknown) => error instanceof ClientError && error.code === Status.FAILED_PRECONDITION,
      );
      assert.deepEqual(installed.installation.unexpectedEnds, []);
    },
  );

  it("goes on after a running and a queued trial are cancelled, whose trainers take others", LIMIT, async () => {
    await create("cancelled");
    const { trials } = await until("cancelled", (_, all) => {
      return numberIn(all, TrialState.RUNNING) === TRAINERS && all.length > TRAINERS;
    });
    const running = trials.find(({ state }) => state === TrialState.RUNNING)?.id ?? "";
    const queued = trials.find(({ state }) => state === TrialState.QUEUED)?.id ?? "";
    for (const trialId of [running, queued, running]) {
      const { trial } = await installed.admin.client.cancelTrial({
        studyId: "cancelled",
        trialId,
        reason: "Too slow.",
      });
      assert.deepEqual([trial?.state, trial?.message], [TrialState.CANCELLED, "Too slow."]);
    }
    // The gate is closed: only the end of the cancelled program frees its trainer.
    await until("cancelled", (_, all) => numberIn(all, TrialState.RUNNING) === TRAINERS);
    await installed.installation.process("coordinator", 0).restart("SIGKILL", 0);
    openGate();
    await untilCompleted(installed.admin.client, "cancelled");
    const { trials: ended } = await until("cancelled", () => true);
    assert.deepEqual(
      ended.map(({ id, state }) => [id, state]),
      ended.map(({ id }) => [id, [running, queued].includes(id) ? TrialState.CANCELLED : TrialState.COMPLETED]),
    );
    assert.equal(ended.length, TRIALS);
    const [kept] = ended.filter(({ state }) => state === TrialState.COMPLETED);
    const late = { studyId: "cancelled", trialId: kept?.id ?? "", reason: "Too late." };
    await assert.rejects(
      installed.admin.client.cancelTrial(late),
      (error: unknown) => error instanceof ClientError && error.code === Status.FAILED_PRECONDITION,
    );
    assert.deepEqual(installed.installation.unexpectedEnds, []);
  });

  it("stops after its running trials, which end across a restart, and chooses the best of them", LIMIT, async () => {
    const studyId = "stopping";
    await create(studyId);
    await until(studyId, (_, all) => numberIn(all, TrialState.RUNNING) === TRAINERS && all.length > TRAINERS);
    const stop = { studyId, reason: "Enough.", mode: StopMode.AFTER_RUNNING };
    for (const _ of [1, 2]) {
      const { study } = await installed.admin.client.stopStudy(stop);
      assert.deepEqual([study?.state, study?.stopping?.reason], [StudyState.ACTIVE, "Enough."]);
    }
    await installed.installation.process("coordinator", 0).restart("SIGKILL", 0);
    openGate();
    const { study, trials } = await until(studyId, ({ state }) => state === StudyState.STOPPED);
    const states = [numberIn(trials, TrialState.COMPLETED), numberIn(trials, TrialState.CANCELLED)];
    assert.deepEqual([trials.length, ...states], [TRAINERS + 1, TRAINERS, 1]);
    const best = trials.reduce((one, other) => ((one.objective ?? 0) >= (other.objective ?? 0) ? one : other));
    assert.deepEqual([study.bestTrialId, study.message, study.stopping], [best.id, "Enough.", undefined]);
    assert.deepEqual(installed.installation.unexpectedEnds, []);
  });

  it(
    "runs the retry of a cancelled trial and an enqueued one next, and those of larger budgets, also after the end",
    LIMIT,
    async () => {
      const studyId = "enqueued";
      await create(studyId);
      const { trials } = await until(studyId, (_, all) => all.length > TRAINERS);
      const trialId = trials.at(-1)?.id ?? "";
      const x = 123_456;
      const enqueue = () => {
        return installed.admin.client.enqueueTrial({
          studyId,
          values: { x: { kind: { $case: "integerValue", value: x } } },
        });
      };
      assert.deepEqual(await enqueue(), { trialId: "3", existed: false });
      const maxTrials = TRIALS + 2;
      const { study } = await installed.admin.client.extendStudy({ studyId, maxTrials });
      assert.equal(study?.maxTrials, maxTrials);
      await installed.admin.client.cancelTrial({ studyId, trialId, reason: "Too slow." });
      assert.deepEqual(await installed.admin.client.retryTrial({ studyId, trialId }), { trialId: "4", existed: false });
      await installed.installation.process("coordinator", 0).restart("SIGKILL", 0);
      openGate();
      await untilCompleted(installed.admin.client, studyId);
      assert.deepEqual(await enqueue(), { trialId: "3", existed: true });
      const { trials: ended } = await until(studyId, () => true);
      const [cancelled, enqueued, retried] = [trialId, "3", "4"].map((id) => ended.find((trial) => trial.id === id));
      assert.deepEqual([enqueued?.objective, enqueued?.retries], [x, ""]);
      assert.deepEqual([retried?.values, retried?.retries], [cancelled?.values, trialId]);
      assert.deepEqual([retried?.state, ended.length], [TrialState.COMPLETED, maxTrials]);
      const extended = await installed.admin.client.extendStudy({ studyId, maxTrials: maxTrials + 1 });
      assert.equal(extended.study?.state, StudyState.ACTIVE);
      await installed.installation.process("coordinator", 0).restart("SIGKILL", 0);
      await untilCompleted(installed.admin.client, studyId);
      assert.equal((await until(studyId, () => true)).trials.length, maxTrials + 1);
      assert.deepEqual(installed.installation.unexpectedEnds, []);
    },
  );
});
