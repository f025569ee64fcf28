// A trainer process whose coordinator or NATS is away, while its training goes on.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { freePorts } from "@sintonia/cli/system/ports";
import type { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { type Connected, connectAdminService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, TrainerProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

/** Number of epochs of a network: so many that its training lasts for some seconds. */
const EPOCHS = 120;

/** A study of one network. */
const NETWORK = `
name: away
dataset: { name: mnist, split: { train: [0, 2000], validation: [50000, 50500] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 1 }
seed: 5
oracle: { type: random }
parameters:
  rate: { type: double, min: 0.2, max: 0.4 }
model:
  layers:
    - { units: 32, activation: relu }
    - { type: Dropout, rate: $rate }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.003 }
  loss: categorical_crossentropy
  batchSize: 64
  maxEpochs: ${EPOCHS}
`;

/** Epoch before which the program waits until a file is there. */
const GATE_EPOCH = 20;

const PROGRAM = `
epoch=0; state=7
while [ $epoch -lt 200 ]; do
  while [ $epoch -eq ${GATE_EPOCH} ] && [ ! -f "$1" ]; do sleep 0.05; done
  state=$(( (state * 1103 + $2 + epoch) % 1000003 ))
  echo "{\\"metrics\\":{\\"score\\":$state},\\"epoch\\":$epoch}" >&3
  read answer <&4 || exit 75
  case $answer in *stop*) exit 0 ;; esac
  epoch=$((epoch + 1))
done
`;

describe("a trainer", () => {
  let nats: NatsServer;
  let folder: string;
  let settings: Record<string, string>;
  let coordinator: CoordinatorProcess;
  let trainer: TrainerProcess;
  let admin: Connected<AdminServiceDefinition>;

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-away-"));
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    settings = {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_GRPC_PORT: String(port),
      SINTONIA_COORDINATOR_ADDRESS: address,
      SINTONIA_STATE_DIR: path.join(folder, "state"),
      SINTONIA_CACHE_DIR: path.join(folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
      SINTONIA_ALLOW_PROGRAMS: "true",
      SINTONIA_CHECKPOINT_INTERVAL_MS: "0",
      // No outage of a test comes near the time to live.
      SINTONIA_LEASE_TTL_MS: "60000",
    };
    coordinator = new CoordinatorProcess(settings);
    trainer = new TrainerProcess(settings);
    admin = connectAdminService(address);
    await coordinator.line("coordinator ready");
  });
  after(async () => {
    admin.close();
    await Promise.all([trainer.end("SIGKILL"), coordinator.end("SIGKILL")]);
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  /** Waits until the trainer has trained a study to an epoch. */
  async function trained(studyId: string, epoch: number): Promise<void> {
    await trainer.line("epoch trained", 1, (line) => line["studyId"] === studyId && line["epoch"] === epoch);
  }

  /** Waits for the end of a study. Returns what its trial left, without durations. */
  async function outcomeOf(studyId: string) {
    while (!(await hasEnded(studyId)));
    const { trial, weights } = await admin.client.getBestTrial({ studyId });
    const measured = trial?.measurements.map(({ seconds: _, ...measurement }) => measurement);
    return { measured, objective: trial?.objective, sha256: weights?.sha256, attempt: trial?.attempt };
  }

  /** Follows a study as long as a coordinator answers. */
  async function hasEnded(studyId: string): Promise<boolean> {
    try {
      for await (const { study } of admin.client.watchStudy({ studyId })) {
        assert.notEqual(study?.state, StudyState.FAILED, study?.message);
      }
      return true;
    } catch (error) {
      if (error instanceof ClientError && error.code === Status.UNAVAILABLE) return false;
      throw error;
    }
  }

  let undisturbed: Awaited<ReturnType<typeof outcomeOf>>;

  it("trains a network", LIMIT, async () => {
    await admin.client.createStudy({ spec: NETWORK, studyId: "undisturbed" });
    undisturbed = await outcomeOf("undisturbed");
    assert.deepEqual([undisturbed.measured?.length, undisturbed.attempt], [EPOCHS, 1]);
  });

  it("trains the network to its end while NATS is away, and nothing is lost", LIMIT, async () => {
    await admin.client.createStudy({ spec: NETWORK, studyId: "nats-away" });
    await trained("nats-away", 2);
    await nats.kill();
    await trainer.line("training completed", 1, (line) => line["studyId"] === "nats-away");
    await nats.restart();
    assert.deepEqual(await outcomeOf("nats-away"), undisturbed);
  });

  it("trains on after kill -9 of the coordinator, and goes on with the next one", LIMIT, async () => {
    await admin.client.createStudy({ spec: NETWORK, studyId: "coordinator-away" });
    await trained("coordinator-away", 2);
    await coordinator.end("SIGKILL");
    await trained("coordinator-away", 20);
    coordinator = new CoordinatorProcess(settings);
    assert.deepEqual(await outcomeOf("coordinator-away"), undisturbed);
  });

  it("lets a program report on while NATS is away", LIMIT, async () => {
    const outcomes = [];
    for (const studyId of ["program", "program-away"]) {
      const gate = path.join(folder, studyId);
      const command = ["sh", "-c", PROGRAM, "trial", gate, `\${x}`];
      await admin.client.createStudy({ spec: programSpec(command), studyId });
      await trained(studyId, GATE_EPOCH - 1);
      if (studyId === "program-away") await nats.kill();
      await writeFile(gate, "");
      await trained(studyId, 150);
      if (studyId === "program-away") await nats.restart();
      outcomes.push(await outcomeOf(studyId));
    }
    assert.equal(outcomes[0]?.measured?.length, 200);
    assert.deepEqual(outcomes[1], outcomes[0]);
  });
});

function programSpec(command: readonly string[]): string {
  return JSON.stringify({
    name: "program",
    program: { command },
    objective: { metric: "score", goal: "maximize" },
    budget: { maxTrials: 1 },
    oracle: { type: "random" },
    seed: 14,
    parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
  });
}
