// A study that tests drive input by input, with its events and effects.

import type { FailureKind } from "@sintonia/protocol/attempt-result";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import { sha256Of, studyIdOf } from "@sintonia/protocol/names.fixture";
import type { Selection } from "@sintonia/tuning/selection/select-best";
import type { NetworkStudy, StudySpec } from "@sintonia/tuning/spec/study-spec";
import { apply, create } from "./apply.js";
import type { Answer } from "./boundary/answer.js";
import type { Effect } from "./boundary/effect.js";
import type { StudyInput } from "./boundary/input.js";
import type { Now, Rules } from "./boundary/now.js";
import type { Step } from "./boundary/step.js";
import type { StudyEvent } from "./state/event.js";
import type { State } from "./state/state.js";
import { type Artifact, findTrial, type Study, type Trial } from "./state/study.js";

export const TTL_MS = 1_000;
export const RULES: Rules = { leaseTtlMs: TTL_MS, republishAfterMs: 10_000, setAsideMs: 60_000 };
export const WEIGHTS = { kind: "weights", sha256: sha256Of("ab".repeat(32)), sizeBytes: 8 } as const;
export const TEST_RESULT = {
  loss: 0.1,
  accuracy: 0.98,
  accuracyLow: 0.977,
  accuracyHigh: 0.983,
  examples: 10_000,
  scores: [],
};

/** Returns a stored checkpoint. Each number has different bytes. */
export function checkpointOf(number: number): Artifact {
  return { kind: "checkpoint", sha256: sha256Of((number & 0xffff).toString(16).padStart(64, "c")), sizeBytes: 16 };
}

/** Returns a valid spec of three trials with one parameter. */
export function specOf(budget: Partial<StudySpec["budget"]> = {}): NetworkStudy {
  return {
    name: "study",
    dataset: { name: "mnist", split: { train: [0, 50_000], validation: [50_000, 60_000] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    budget: { maxTrials: 3, executionsPerTrial: 1, maxConsecutiveFailures: 3, maxAttemptsPerTrial: 3, ...budget },
    seed: 23,
    oracle: { type: "random" },
    parameters: { stddev: { type: "double", min: 0.01, max: 0.1, scale: "linear" } },
    model: { layers: [{ units: 10, activation: "softmax" }] },
    training: {
      optimizer: { type: "adam", learningRate: "$stddev" },
      loss: "categorical_crossentropy",
      batchSize: 256,
      maxEpochs: 100,
    },
  };
}

/** Returns the choice of a trial as the best of `count`. */
export function selectionOf(trialId: string, count = 3): Selection {
  return { rule: "observed", trialId, tied: [], bestMeasured: { trialId, count } };
}

/** Returns the measurement of an epoch with the given objective. */
export function epochOf(epoch: number, valAccuracy: number, execution = 0): Measurement {
  const metrics = { loss: 0.5, accuracy: 0.9, val_loss: 0.4, val_accuracy: valAccuracy };
  return { execution, epoch, metrics, learningRate: 0.001, seconds: 2 };
}

/** A study whose test chooses every input and its time. */
export class Scenario {
  state: State;
  monotonicMs = 0;
  readonly events: StudyEvent[] = [];
  readonly effects: Effect[] = [];

  constructor(spec: StudySpec = specOf(), capacity = 1) {
    const step = create({ type: "create-study", studyId: studyIdOf("study"), spec }, this.now(), RULES);
    this.state = step.state;
    this.#remember(step);
    this.submit({ type: "test-data-checked" });
    this.tick(capacity);
  }

  get study(): Study {
    return this.state.study;
  }

  now(): Now {
    return { monotonicMs: this.monotonicMs, wallMs: 1_000_000 + this.monotonicMs };
  }

  /** Applies an input at the present time. */
  submit(input: StudyInput): Answer {
    const step = apply(this.state, input, this.now(), RULES);
    this.state = step.state;
    this.#remember(step);
    return step.answer;
  }

  /** Lets time pass. The live trainers are "trainer-1" to "trainer-N". */
  tick(capacity = 1): Answer {
    const trainerIds = Array.from({ length: capacity }, (_, index) => `trainer-${index + 1}`);
    return this.submit({ type: "tick", capacity, trainerIds });
  }

  trial(number: number): Trial {
    const trial = this.study.trials[number];
    if (trial === undefined) throw new Error(`There is no trial ${number}.`);
    return trial;
  }

  /** Answers a request to the oracle with a suggestion. */
  suggest(stddev = 0.05): Trial {
    const trialNumber = this.study.trials.length;
    const suggestion = { values: { stddev }, source: "random" } as const;
    this.submit({ type: "suggestions-ready", trialNumber, basis: this.study.eventCount, suggestions: [suggestion] });
    return this.trial(trialNumber);
  }

  /** Leases a queued trial to a trainer. */
  lease(trial: Trial, trainerId = "trainer-1"): LeaseKey {
    const { attempt } = findTrial(this.study, trial.id) ?? trial;
    const answer = this.submit({ type: "acquire-lease", trialId: trial.id, attempt, trainerId });
    if (answer.kind !== "granted") throw new Error(`The lease was not granted: ${JSON.stringify(answer)}`);
    return { studyId: this.study.id, trialId: trial.id, attempt, token: answer.lease.token };
  }

  report(lease: LeaseKey, measurement: Measurement): Answer {
    return this.submit({ type: "report-epoch", lease, measurement });
  }

  /** Saves a checkpoint after an epoch. */
  save(lease: LeaseKey, epoch: number, number = epoch): Answer {
    return this.submit({ type: "save-checkpoint", lease, artifact: checkpointOf(number), execution: 0, epoch });
  }

  /** Suggests a trial and completes it. */
  complete(valAccuracy: number): Trial {
    return this.train(this.suggest(), valAccuracy);
  }

  /** Completes a queued trial. */
  train(trial: Trial, valAccuracy: number): Trial {
    const lease = this.lease(trial);
    this.report(lease, epochOf(0, valAccuracy));
    this.submit({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
    return this.trial(trial.number);
  }

  /** Suggests a trial and fails its attempt. */
  fail(kind: FailureKind = "error"): Trial {
    const trial = this.suggest();
    const lease = this.lease(trial);
    this.submit({ type: "fail-trial", lease, kind, message: "It broke." });
    return this.trial(trial.number);
  }

  /** Answers the present request for contenders. */
  contend(...trialIds: readonly string[]): void {
    this.submit({ type: "contenders-ready", reopenings: this.study.reopenings ?? 0, trialIds });
  }

  /** Answers the request for the best trial. */
  select(trialId: string): void {
    this.submit({ type: "selection-ready", selection: selectionOf(trialId) });
  }

  /** Returns and clears the effects since the last call. */
  takeEffects(): readonly Effect[] {
    return this.effects.splice(0);
  }

  #remember(step: Step): void {
    this.events.push(...step.events);
    this.effects.push(...step.effects);
  }
}
