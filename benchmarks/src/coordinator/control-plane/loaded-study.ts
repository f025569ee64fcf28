// A study as a loaded coordinator leaves it: the core decides every step, and the calls of trials
// that run at the same time share a record.

import { apply, create } from "@sintonia/coordinator/core/apply";
import type { StudyInput } from "@sintonia/coordinator/core/boundary/input";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import type { State } from "@sintonia/coordinator/core/state/state";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { nameOf, SHA256, STUDY_ID, type StudyId, TRIAL_ID } from "@sintonia/protocol/names";
import { studySpecSchema } from "@sintonia/tuning/spec/schema";
import { syntheticSpec } from "./synthetic-study.js";

/** The size of a study. */
export interface StudySize {
  readonly trials: number;
  /** Epochs of each trial. */
  readonly epochs: number;
  /** Trials that run at the same time. */
  readonly parallel: number;
  /** True if a person stops the study at the end. @default false */
  readonly isOver?: boolean;
}

const LOADED = nameOf(STUDY_ID, "loaded");

const RULES = { leaseTtlMs: 15_000, republishAfterMs: 60_000, setAsideMs: 120_000 };
const NOW = { monotonicMs: 0, wallMs: 1_700_000_000_000 };
const WEIGHTS = { kind: "weights", sha256: nameOf(SHA256, "ab".repeat(32)), sizeBytes: 8 } as const;

/**
 * Yields the events of each record of a study. The last trials of the study are not completed: the
 * study stays active, or a person stops it.
 */
export function* loadedStudy(size: StudySize, studyId: StudyId = LOADED): Generator<readonly StudyEvent[]> {
  const study = new DrivenStudy(size, studyId);
  yield study.take();
  for (let first = 0; first < size.trials; first += size.parallel) {
    const numbers = Array.from({ length: Math.min(size.parallel, size.trials - first) }, (_, i) => first + i);
    for (const number of numbers) study.queue(number);
    yield study.take();
    const leases = numbers.map((number) => study.lease(number));
    yield study.take();
    for (let epoch = 0; epoch < size.epochs; epoch++) {
      for (const lease of leases) study.report(lease, epoch);
      yield study.take();
    }
    if (first + size.parallel >= size.trials) break;
    for (const lease of leases) study.complete(lease);
    yield study.take();
  }
  if (size.isOver !== true) return;
  study.stop();
  yield study.take();
}

class DrivenStudy {
  readonly #studyId: StudyId;
  #state: State;
  #events: StudyEvent[] = [];

  constructor({ trials, parallel }: StudySize, studyId: StudyId) {
    this.#studyId = studyId;
    const spec: unknown = JSON.parse(syntheticSpec(studyId, { trials, parallel }));
    const created = { type: "create-study", studyId, spec: studySpecSchema(spec).parse(spec) } as const;
    const step = create(created, NOW, RULES);
    this.#state = step.state;
    this.#events.push(...step.events);
    this.#apply({ type: "test-data-checked" });
  }

  /** Returns the events since the last call. */
  take(): readonly StudyEvent[] {
    return this.#events.splice(0);
  }

  queue(trialNumber: number): void {
    const suggestion = { values: { x: (trialNumber % 997) / 997 }, source: "random" } as const;
    this.#apply({
      type: "suggestions-ready",
      trialNumber,
      basis: this.#state.study.eventCount,
      suggestions: [suggestion],
    });
  }

  lease(number: number): LeaseKey {
    const { id: trialId, attempt } = this.#state.study.trials[number] ?? { id: "", attempt: 0 };
    const answer = this.#apply({ type: "acquire-lease", trialId, attempt, trainerId: `trainer-${number % 16}` });
    if (answer.kind !== "granted") throw new Error(`the lease of trial ${number} was not granted`);
    return { studyId: this.#studyId, trialId: nameOf(TRIAL_ID, trialId), attempt, token: answer.lease.token };
  }

  report(lease: LeaseKey, epoch: number): void {
    const metrics = { score: Math.sin(Number(lease.trialId) + epoch), loss: 1 / (1 + epoch) };
    this.#apply({
      type: "report-epoch",
      lease,
      measurement: { execution: 0, epoch, metrics, learningRate: 0.001, seconds: 0.25 },
    });
  }

  complete(lease: LeaseKey): void {
    this.#apply({ type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] });
  }

  /** Stops the study. It is over at once, or once a best trial is chosen. */
  stop(): void {
    this.#apply({ type: "stop-study", reason: "Enough." });
    this.#apply({ type: "effect-failed", effect: { type: "select-best" }, message: "The benchmark ends here." });
  }

  #apply(input: StudyInput) {
    const step = apply(this.#state, input, NOW, RULES);
    this.#state = step.state;
    this.#events.push(...step.events);
    return step.answer;
  }
}
