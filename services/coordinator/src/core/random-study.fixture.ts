// Random courses of studies, record by record.

import type { LeaseKey } from "@sintonia/protocol/lease";
import { createRandom, type Random } from "@sintonia/tuning/random/random";
import type { StudyInput } from "./boundary/input.js";
import { epochOf, RULES, Scenario, selectionOf, specOf, TTL_MS, WEIGHTS } from "./scenario.fixture.js";
import type { StudyEvent } from "./state/event.js";
import { isOver, type Study } from "./state/study.js";

const FAILURES = ["error", "infeasible", "interrupted", "preempted", "trainer"] as const;

/** Number of the latest leases under which calls are made. */
const LEASES = 5;

/** The events of one record. */
export interface RecordedStep {
  readonly at: number;
  readonly events: readonly StudyEvent[];
}

/** Returns the records of a study whose inputs a seed draws, and the study after them. */
export function randomStudy(seed: number, inputs: number): { records: readonly RecordedStep[]; study: Study } {
  const course = new Course(seed);
  for (let count = 0; count < inputs && !isOver(course.scenario.study); count++) course.step();
  return { records: course.records, study: course.scenario.study };
}

class Course {
  readonly scenario: Scenario;
  readonly records: RecordedStep[] = [];
  readonly #random: Random;
  readonly #leases: LeaseKey[] = [];
  #noted = 0;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    const executionsPerTrial = 1 + this.#random.integer(2);
    const maxTrials = 3 + this.#random.integer(20);
    this.scenario = new Scenario(specOf({ maxTrials, executionsPerTrial, maxConsecutiveFailures: 9 }), 3);
    this.#record();
  }

  /** Submits one input. Its events become a record. */
  step(): void {
    const action = this.#random.integer(12);
    const lease = this.#leases.at(-1 - this.#random.integer(LEASES));
    if (action === 0) this.#pass();
    else if (action < 4 || lease === undefined) this.#begin();
    else this.scenario.submit(this.#callUnder(lease, action));
    this.#record();
  }

  #record(): void {
    const { events } = this.scenario;
    if (events.length > this.#noted) this.records.push({ at: this.#now(), events: events.slice(this.#noted) });
    this.#noted = events.length;
  }

  #now(): number {
    return this.scenario.now().wallMs;
  }

  #pass(): void {
    this.scenario.monotonicMs += this.#random.integer(2) === 0 ? TTL_MS + 1 : RULES.setAsideMs;
    this.scenario.tick(3);
    if (this.#random.integer(20) === 0) this.scenario.submit({ type: "stop-study", reason: "Enough." });
  }

  /** Proposes a trial, leases a queued one, or answers what the study has asked. */
  #begin(): void {
    const { scenario } = this;
    const { study } = scenario;
    if (study.status === "finalizing") this.#finalize(study);
    else if (study.trials.length < study.spec.budget.maxTrials) scenario.suggest(0.01 + this.#random.uniform() / 20);
    const trial = scenario.study.trials.find(({ state }) => state === "queued");
    if (trial === undefined || this.#random.integer(3) === 0) return;
    const trainerId = `trainer-${1 + this.#random.integer(3)}`;
    const { id: trialId, attempt } = trial;
    const answer = scenario.submit({ type: "acquire-lease", trialId, attempt, trainerId });
    if (answer.kind === "granted") {
      this.#leases.push({ studyId: study.id, trialId, attempt, token: answer.lease.token });
    }
  }

  #finalize({ bestTrialId, trials }: Study): void {
    const completed = trials.filter(({ state }) => state === "completed");
    const [chosen] = completed;
    if (bestTrialId === undefined && chosen !== undefined) {
      this.scenario.submit({ type: "selection-ready", selection: selectionOf(chosen.id, completed.length) });
    } else if (this.#random.integer(2) === 0) {
      this.scenario.submit({
        type: "evaluation-failed",
        trialId: bestTrialId ?? "",
        message: `Fault ${this.#random.integer(3)}.`,
      });
    }
  }

  /** Returns a call under a lease, which may be an old one. */
  #callUnder(lease: LeaseKey, action: number): StudyInput {
    const trial = this.scenario.trial(Number(lease.trialId));
    const last = trial.measurements.at(-1);
    const { execution, epoch } = last ?? { execution: 0, epoch: -1 };
    if (action === 4) return { type: "complete-trial", lease, weights: WEIGHTS, keptEpochs: [] };
    if (action === 5) return { type: "fail-trial", lease, kind: this.#failure(), message: "It broke." };
    if (action === 6) {
      const sha256 = trial.checkpoints.at(this.#random.integer(2))?.artifact.sha256 ?? WEIGHTS.sha256;
      return { type: "resume-trial", lease, sha256 };
    }
    if (action === 7) {
      const artifact = { ...WEIGHTS, kind: "checkpoint", sha256: this.#sha256() } as const;
      return { type: "save-checkpoint", lease, artifact, execution, epoch };
    }
    const isNext = last !== undefined && this.#random.integer(4) === 0;
    const measurement = epochOf(isNext ? 0 : epoch + 1, this.#random.uniform(), isNext ? execution + 1 : execution);
    return { type: "report-epoch", lease, measurement };
  }

  #failure(): (typeof FAILURES)[number] {
    return FAILURES[this.#random.integer(FAILURES.length)] ?? "error";
  }

  #sha256(): typeof WEIGHTS.sha256 {
    return this.#random
      .integer(2 ** 31)
      .toString(16)
      .padStart(64, "0") as typeof WEIGHTS.sha256;
  }
}
