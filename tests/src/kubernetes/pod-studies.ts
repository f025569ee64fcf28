// Studies in pods, whose trials can be compared with those of a study in peace.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { problemsOfLog, type RebuiltStudy, resultsOf } from "../chaos/log-check.js";
import { readStudy } from "../chaos/watch.js";
import type { AdminClient } from "../support/service-process.js";
import { callLeader } from "./leader-calls.js";
import type { PodCluster } from "./pod-cluster.js";

/** Trials that must be completed and equal in both studies. */
const COMPARED = 6;
/** Upper limit of a wait for trials in ms. */
export const TRIALS_MS = 400_000;

/**
 * The random oracle suggests the same values whatever happens. The study has work for all steps on
 * any machine, and is stopped after them.
 */
const specOf = (name: string, maxEpochs: number): string => `
name: ${name}
dataset: { name: mnist, split: { train: [0, 5000], validation: [50000, 51000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 1000 }
seed: 23
oracle: { type: random }
parameters:
  stddev: { type: double, min: 0.01, max: 0.10 }
model:
  layers:
    - { units: 64, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.00168 }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: ${maxEpochs}
  callbacks: []
`;

/** The studies of a cluster that runs pods. */
export class PodStudies {
  readonly #cluster: PodCluster;

  constructor(cluster: PodCluster) {
    this.#cluster = cluster;
  }

  async create(name: string, maxEpochs = 100): Promise<void> {
    const file = join(this.#cluster.folder, `${name}.yaml`);
    writeFileSync(file, specOf(name, maxEpochs));
    await this.#cluster.sintonia("create", file);
  }

  /** Waits until the first trials of a study are completed. */
  async completed(studyId: string): Promise<void> {
    const isDone = async (): Promise<boolean> => {
      const first = (await this.trials(studyId)).slice(0, COMPARED);
      return first.length === COMPARED && first.every(({ state }) => state === TrialState.COMPLETED);
    };
    await this.#cluster.until(`the first trials of ${studyId} are not completed`, isDone, TRIALS_MS);
  }

  /** Stops a study, and waits for its end. */
  async stop(studyId: string): Promise<RebuiltStudy> {
    await this.#cluster.sintonia("stop", studyId);
    const isOver = async (): Promise<boolean> => (await this.read(studyId)).study.status === "stopped";
    await this.#cluster.until(`${studyId} does not stop`, isOver);
    return await this.read(studyId);
  }

  /** Reads the log of a study. */
  async read(studyId: string): Promise<RebuiltStudy> {
    return await this.#ask((client) => readStudy(client, studyId));
  }

  /**
   * Waits until pods that are there train `count` trials, and the coordinator has a new epoch of
   * each: trainers find a restarted coordinator again only after some seconds.
   */
  async busy(studyId: string, count: number): Promise<void> {
    const before = new Map((await this.trials(studyId)).map((trial) => [trial.id, trial]));
    await this.#cluster.until(`${count} pods do not train at once`, async () => {
      const pods = (await this.#cluster.pods("trainer")).map(({ metadata }) => `${metadata.name}-`);
      const advances = ({ id, attempt, state, epochs, trainerId }: Trial): boolean => {
        const first = before.get(id);
        const known = first?.attempt === attempt ? first.epochs : 0;
        return state === TrialState.RUNNING && epochs > known && pods.some((pod) => trainerId.startsWith(pod));
      };
      return (await this.trials(studyId)).filter(advances).length === count;
    });
  }

  async trials(studyId: string): Promise<readonly Trial[]> {
    return (await this.#ask((client) => client.listTrials({ studyId }))).trials;
  }

  async #ask<T>(use: (client: AdminClient) => Promise<T>): Promise<T> {
    return await callLeader(this.#cluster, await this.#cluster.addressOf("coordinator"), use);
  }
}

/**
 * Asserts that a study has lost nothing: each trial is settled once, and has the values and curves
 * of the study in peace.
 */
export function assertNothingLost(calm: RebuiltStudy, stormy: RebuiltStudy): void {
  assert.deepEqual(problemsOfLog(stormy.events.map(({ event }) => event)), []);
  const [expected, actual] = [calm, stormy].map(({ study }) =>
    resultsOf(study).trials.filter(({ state }) => state === "completed"),
  );
  const both = expected?.filter(({ id }) => actual?.some((trial) => trial.id === id)) ?? [];
  assert.ok(both.length >= COMPARED);
  for (const trial of both)
    assert.deepEqual(
      actual?.find(({ id }) => id === trial.id),
      trial,
    );
}
