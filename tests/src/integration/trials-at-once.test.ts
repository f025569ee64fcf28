// A trainer that trains several trials at once, in processes of their own, beside a real
// nats-server and a real coordinator.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { NatsStudyLog } from "@sintonia/coordinator/adapters/nats/study-log";
import type { EventOf, StudyEvent } from "@sintonia/coordinator/core/state/event";
import { readRecords } from "@sintonia/coordinator/shell/study/journal";
import { StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { collect } from "../support/collect.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, TrainerProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 400_000 };

/** Without Linux the memory cannot be read, and the test finds no training processes. */
const SKIP = process.platform === "linux" ? false : "reads processes and memory of Linux";

const TRIALS = 8;

/** Trials of some seconds, so that three overlap. */
const SPEC = `
name: at-once
dataset: { name: mnist, split: { train: [0, 2000], validation: [50000, 50500] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: ${TRIALS}, maxAttemptsPerTrial: 1, parallelTrials: 3 }
seed: 5
oracle: { type: random }
parameters:
  rate: { type: double, min: 0.2, max: 0.4 }
model:
  layers:
    - { units: 48, activation: relu }
    - { type: Dropout, rate: $rate }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.003 }
  loss: categorical_crossentropy
  batchSize: 16
  maxEpochs: 30
`;

describe("a trainer with three trials at once", { skip: SKIP }, () => {
  let nats: NatsServer;
  let folder: string;
  let coordinator: CoordinatorProcess;
  let trainers: TrainerProcess[];

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(join(tmpdir(), "sintonia-at-once-"));
    coordinator = new CoordinatorProcess({ ...settings(), SINTONIA_LEASE_TTL_MS: "5000" });
    await coordinator.line("coordinator ready");
  });
  after(async () => {
    await coordinator.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    trainers = [];
  });
  afterEach(async () => {
    await Promise.all(trainers.map((trainer) => trainer.end("SIGKILL")));
  });

  function settings(): Record<string, string> {
    return {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: join(folder, "state"),
      SINTONIA_CACHE_DIR: join(folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
      SINTONIA_CHECKPOINT_INTERVAL_MS: "0",
    };
  }

  async function startTrainer(trialsAtOnce: string): Promise<TrainerProcess> {
    const trainer = new TrainerProcess({
      ...settings(),
      SINTONIA_COORDINATOR_ADDRESS: await coordinator.address(),
      SINTONIA_TRIALS_AT_ONCE: trialsAtOnce,
    });
    trainers.push(trainer);
    return trainer;
  }

  async function create(studyId: string): Promise<void> {
    await coordinator.withAdmin((client) => client.createStudy({ spec: SPEC, studyId }));
  }

  /** Waits until as many trials run at once, each with a checkpoint. */
  async function untilRunning(studyId: string, count: number): Promise<readonly string[]> {
    return coordinator.withAdmin(async (client) => {
      for await (const _ of client.watchStudy({ studyId })) {
        const { trials } = await client.listTrials({ studyId });
        const running = trials.filter((trial) => trial.state === TrialState.RUNNING && trial.checkpoint !== undefined);
        if (running.length >= count) return running.map(({ id }) => id);
      }
      return assert.fail(`the study ended before ${count} trials ran at once`);
    });
  }

  /** Follows a study to its end. Returns the weights and the figures of every trial. */
  async function outcomeOf(studyId: string) {
    await coordinator.withAdmin(async (client) => {
      let state: StudyState | undefined;
      for await (const { study } of client.watchStudy({ studyId })) state = study?.state;
      assert.equal(state, StudyState.COMPLETED);
    });
    const events = await eventsOf(studyId);
    const figures = events
      .filter((event) => event.type === "epoch-reported")
      .map(({ trialId, measurement: { seconds: _, ...measurement } }) => ({ trialId, ...measurement }));
    const weights = events.filter((event) => event.type === "trial-completed").map((event) => weightsOf(event));
    return { weights: weights.toSorted(), figures: figures.map((figure) => JSON.stringify(figure)).toSorted() };
  }

  async function eventsOf(studyId: string): Promise<readonly StudyEvent[]> {
    const logger = createLogger({ service: "test", instance: "test", level: "silent" });
    const connection = await connectNats({ settings: { natsUrl: parseServers(nats.url) }, name: "test", logger });
    try {
      const records = await collect(readRecords(new NatsStudyLog(connection), studyId));
      return records.flatMap(({ record }) => [...record.events]);
    } finally {
      await connection.close();
    }
  }

  let reference: Awaited<ReturnType<typeof outcomeOf>>;

  it("is compared with three trainers of one trial each", LIMIT, async () => {
    await create("three-trainers");
    await Promise.all(["1", "1", "1"].map(startTrainer));
    reference = await outcomeOf("three-trainers");
    assert.equal(reference.weights.length, TRIALS);
  });

  it("ends with the same bytes of weights", LIMIT, async () => {
    await create("one-trainer");
    const trainer = await startTrainer("3");
    assert.deepEqual(await outcomeOf("one-trainer"), reference);
    await trainer.line("attempt ended", TRIALS);
    assert.equal(mostAtOnce(trainer), 3);
    const need = await trainer.line("need of a trial measured");
    assert.ok(Number(need["machineBytes"]) > 20e6, `${need["machineBytes"]} bytes of a training process`);
    assert.equal(await trainer.end(), 0);
  });

  it("gives all its trials back within the time of a drain", LIMIT, async () => {
    await create("drained");
    const trainer = await startTrainer("3");
    const running = await untilRunning("drained", 3);
    assert.equal(await trainer.end(), 0);
    const requeued = (await eventsOf("drained")).filter((event) => event.type === "trial-requeued");
    assert.deepEqual(requeued.map(({ trialId }) => trialId).toSorted(), [...running].toSorted());
    assert.ok(requeued.every(({ counted }) => counted === false));
    await startTrainer("3");
    assert.deepEqual(deduplicated(await outcomeOf("drained")), reference);
  });

  it("resumes all its trials after kill -9, and ends with the same bytes", LIMIT, async () => {
    await create("killed");
    const first = await startTrainer("3");
    const running = await untilRunning("killed", 3);
    await first.end("SIGKILL");
    await startTrainer("3");
    assert.deepEqual(deduplicated(await outcomeOf("killed")), reference);
    const resumed = (await eventsOf("killed")).filter((event) => event.type === "trial-resumed");
    for (const trialId of running) assert.ok(resumed.some((event) => event.trialId === trialId), trialId);
  });

  it("hands a trial back whose process the system kills, and goes on with one trial less", LIMIT, async () => {
    await create("short-of-memory");
    const trainer = await startTrainer("3");
    await untilRunning("short-of-memory", 3);
    const [victim] = await childrenOf(trainer.pid);
    process.kill(victim as number, "SIGKILL");
    const lowered = await trainer.line("limit of trials at once lowered");
    assert.equal(lowered["limit"], 2);
    assert.deepEqual(deduplicated(await outcomeOf("short-of-memory")), reference);
    const [requeued, ...others] = (await eventsOf("short-of-memory")).filter(({ type }) => type === "trial-requeued");
    assert.deepEqual(others, []);
    assert.ok(requeued?.type === "trial-requeued" && requeued.counted === false);
    assert.match(requeued.reason, /Memory ran out/);
  });
});

function weightsOf({ trialId, weights }: EventOf<"trial-completed">): string {
  return `${trialId} ${weights.sha256}`;
}

/** Removes the second report of an epoch that was trained again after a lost attempt. */
function deduplicated<T extends { readonly figures: readonly string[] }>(outcome: T): T {
  return { ...outcome, figures: [...new Set(outcome.figures)] };
}

/** Returns the largest number of trials that a trainer trained at once, by its log. */
function mostAtOnce({ lines }: TrainerProcess): number {
  let [now, most] = [0, 0];
  for (const { message } of lines) {
    if (message === "lease granted") now += 1;
    if (message === "attempt ended") now -= 1;
    most = Math.max(most, now);
  }
  return most;
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(names.map((name) => readFile(`/proc/${name}/stat`, "utf8").catch(() => "")));
  return stats.flatMap((stat) => {
    const [, ppid] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(ppid) === parent ? [Number.parseInt(stat, 10)] : [];
  });
}
