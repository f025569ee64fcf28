// Trainers that a person drains and cordons: on real processes, across a restart of a coordinator.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { LiveTrainer } from "@sintonia/proto/sintonia/v1/admin";
import { type Trial, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { ClientError, Status } from "nice-grpc";
import { fetchStudy, untilAnswered, untilCompleted, untilCreated } from "../chaos/watch.js";
import { installedForEach } from "./installed.fixture.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 180_000 };
/** Interval between two looks, in ms. */
const LOOK_MS = 100;
const STUDY = "drained";

/** Reports epoch 0 once, with a checkpoint, waits for the file GATE, and reports epoch 1. */
const PROGRAM = `
saved="$SINTONIA_CHECKPOINT_DIR/epoch"
if [ ! -e "$saved" ]; then
  echo 0 > "$saved"
  echo '{"metrics":{"score":1},"epoch":0,"checkpoint":true}' >&3; read answer <&4 || exit 75
fi
while [ ! -e "$GATE" ]; do sleep 0.1; done
echo "{\\"metrics\\":{\\"score\\":$1},\\"epoch\\":1}" >&3; read answer <&4 || exit 75
`;

describe("a trainer that a person drains", () => {
  const installed = installedForEach("cordon", {
    counts: { trainer: 2, coordinator: 1, nats: 1 },
    // Far above the absence of the coordinator that is killed.
    leaseTtlMs: 30_000,
  });

  async function create(): Promise<void> {
    const spec = {
      name: STUDY,
      program: {
        command: ["sh", "-c", PROGRAM, "trial", `\${x}`],
        environment: { GATE: path.join(installed.folder, "gate") },
      },
      objective: { metric: "score", goal: "maximize" },
      budget: { maxTrials: 2, maxAttemptsPerTrial: 1, parallelTrials: 1 },
      selection: { rule: "observed" },
      oracle: { type: "random" },
      seed: 1,
      parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
    };
    await untilCreated(installed.admin.client, STUDY, JSON.stringify(spec));
  }

  async function until<T>(look: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await untilAnswered(look);
      if (isWanted(value)) return value;
      await delay(LOOK_MS);
    }
  }

  const trialsUntil = (isWanted: (trials: readonly Trial[]) => boolean): Promise<readonly Trial[]> =>
    until(async () => (await installed.admin.client.listTrials({ studyId: STUDY })).trials, isWanted);
  const trainersUntil = (isWanted: (trainers: readonly LiveTrainer[]) => boolean): Promise<readonly LiveTrainer[]> =>
    until(async () => (await installed.admin.client.listTrainers({})).trainers, isWanted);

  it("hands its trial back, gets none across a restart, and trains again once it may", LIMIT, async () => {
    await create();
    const [first] = await trialsUntil(
      ([trial]) => trial?.state === TrialState.RUNNING && trial.checkpoint !== undefined,
    );
    const drained = first?.trainerId ?? "";
    const { cordon } = await installed.admin.client.drainTrainer({ trainerId: drained, reason: "A new disk." });
    assert.deepEqual([cordon?.reason, cordon?.drains], ["A new disk.", true]);
    const [resumed] = await trialsUntil(
      ([trial]) => trial?.state !== TrialState.QUEUED && trial?.trainerId !== drained && trial?.trainerId !== "",
    );
    const other = resumed?.trainerId ?? "";
    assert.equal(resumed?.lostAttempts, 0);
    await installed.installation.process("coordinator", 0).restart("SIGKILL", 0);
    // The other trainer may end both trials and gets cordoned too: the study then waits for orders.
    const [, live] = await trainersUntil((trainers) => trainers.filter(({ lastSeen }) => lastSeen).length === 2);
    assert.ok(live !== undefined);
    await installed.admin.client.cordonTrainer({ trainerId: other, reason: "Also." });
    writeFileSync(path.join(installed.folder, "gate"), "");
    await trialsUntil(([trial]) => trial?.state === TrialState.COMPLETED);
    const { study } = await until(
      () => installed.admin.client.getStudy({ studyId: STUDY }),
      ({ study }) => study?.waiting?.reason === WaitReason.TRAINERS_CORDONED,
    );
    assert.deepEqual(study?.waiting?.trainers, { live: 2, usable: 0, busy: 0, cordoned: 2, unfit: 0 });
    const listed = await trainersUntil((trainers) => trainers.every(({ trials }) => trials.length === 0));
    assert.deepEqual(
      new Map(listed.map(({ id, cordon }) => [id, cordon?.drains])),
      new Map([drained, other].sort().map((id) => [id, id === drained])),
    );
    await installed.admin.client.uncordonTrainer({ trainerId: drained });
    await untilCompleted(installed.admin.client, STUDY);
    const { events } = await fetchStudy(installed.admin.client, STUDY);
    const leases = events.flatMap(({ event }) => (event.type === "lease-granted" ? [event.trainerId] : []));
    assert.deepEqual(leases, [drained, other, drained]);
    const requeued = events.flatMap(({ event }) => (event.type === "trial-requeued" ? [event] : []));
    assert.deepEqual(
      requeued.map(({ counted, reason }) => [counted, reason]),
      [[false, "A person drains the trainer."]],
    );
    assert.ok(events.some(({ event }) => event.type === "trial-resumed"));
    await assert.rejects(
      installed.admin.client.cordonTrainer({ trainerId: "unknown" }),
      (error: unknown) => error instanceof ClientError && error.code === Status.NOT_FOUND,
    );
    assert.deepEqual(installed.installation.unexpectedEnds, []);
  });
});
