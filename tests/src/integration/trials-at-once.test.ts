// A trainer that trains several trials at once, in processes of their own, beside a real
// nats-server and a real coordinator.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { EventOf, StudyEvent } from "@sintonia/coordinator/core/state/event";
import { StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { childrenOf, mostAtOnce, Workplace } from "../support/at-once/workplace.js";
import type { TrainerProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 400_000 };

/** Without Linux the memory cannot be read, and the test finds no training processes. */
const SKIP = process.platform === "linux" ? false : "reads processes and memory of Linux";

/** So many that a fast machine, too, has some left when the third place opens, after seconds. */
const TRIALS = 12;

/** Trials of some seconds, so that three overlap. */
const SPEC = `
name: at-once
dataset: { name: mnist, split: { train: [0, 2000], validation: [50000, 50500] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: ${TRIALS}, maxAttemptsPerTrial: 2, parallelTrials: 3 }
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
  let workplace: Workplace;

  before(async () => {
    workplace = await Workplace.open();
  });
  after(() => workplace.close());
  afterEach(() => workplace.endTrainers());

  const startTrainer = (trialsAtOnce: string): Promise<TrainerProcess> =>
    workplace.startTrainer({ SINTONIA_TRIALS_AT_ONCE: trialsAtOnce });
  const create = (studyId: string): Promise<void> => workplace.create(studyId, SPEC);

  /** Waits until as many trials run at once, each with a checkpoint. */
  async function untilRunning(studyId: string, count: number): Promise<readonly string[]> {
    return workplace.coordinator.withAdmin(async (client) => {
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
    await workplace.coordinator.withAdmin(async (client) => {
      let state: StudyState | undefined;
      for await (const { study } of client.watchStudy({ studyId })) state = study?.state;
      assert.equal(state, StudyState.COMPLETED);
    });
    const events = await workplace.eventsOf(studyId);
    const figures = events
      .filter((event) => event.type === "epoch-reported")
      .map(({ trialId, measurement: { seconds: _, ...measurement } }) => ({ trialId, ...measurement }));
    const weights = events.filter((event) => event.type === "trial-completed").map((event) => weightsOf(event));
    return { weights: weights.toSorted(), figures: figures.map((figure) => JSON.stringify(figure)).toSorted() };
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
    const events = await workplace.eventsOf("drained");
    const requeued = events.filter((event) => event.type === "trial-requeued");
    // A trial may end by itself before the trainer hears that it has to stop.
    const over = [...trialsOf(events, "trial-requeued"), ...trialsOf(events, "trial-completed")];
    assert.ok(requeued.length > 0 && running.every((id) => over.includes(id)), JSON.stringify([running, over]));
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
    const events = await workplace.eventsOf("killed");
    // A trial may end by itself before the trainer is killed.
    const lost = running.filter((id) => trialsOf(events, "trial-requeued").includes(id));
    assert.ok(lost.length > 0);
    const resumed = trialsOf(events, "trial-resumed");
    const counted = events.filter((event) => event.type === "trial-requeued" && event.counted !== false);
    assert.ok(counted.every((event) => "trialId" in event && !lost.includes(event.trialId)));
    assert.ok(
      lost.every((id) => resumed.includes(id)),
      JSON.stringify([lost, resumed]),
    );
  });

  it("hands a trial back whose process the system kills, and goes on with one trial less", LIMIT, async () => {
    await create("short-of-memory");
    const trainer = await startTrainer("3");
    await untilRunning("short-of-memory", 3);
    // The process of the trial that has only begun.
    const victim = (await childrenOf(trainer.pid)).at(-1);
    process.kill(victim as number, "SIGKILL");
    const lowered = await trainer.line("limit of trials at once lowered");
    assert.equal(lowered["limit"], 2);
    assert.deepEqual(deduplicated(await outcomeOf("short-of-memory")), reference);
    const [requeued, ...others] = (await workplace.eventsOf("short-of-memory")).filter(
      ({ type }) => type === "trial-requeued",
    );
    assert.deepEqual(others, []);
    assert.ok(requeued?.type === "trial-requeued" && requeued.counted === false);
    assert.match(requeued.reason, /Memory ran out/);
  });
});

/** Returns the trials of the events of one type, in their order. */
function trialsOf(events: readonly StudyEvent[], type: StudyEvent["type"]): readonly string[] {
  return events.flatMap((event) => (event.type === type && "trialId" in event ? [event.trialId] : []));
}

function weightsOf({ trialId, weights }: EventOf<"trial-completed">): string {
  return `${trialId} ${weights.sha256}`;
}

/** Removes the second report of an epoch that was trained again after a lost attempt. */
function deduplicated<T extends { readonly figures: readonly string[] }>(outcome: T): T {
  return { ...outcome, figures: [...new Set(outcome.figures)] };
}
