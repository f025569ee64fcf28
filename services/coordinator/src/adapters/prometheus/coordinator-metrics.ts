// What a coordinator does, as counters and histograms. docs/operations.md lists all metrics. No
// label names a study, a trial or a trainer, so that the number of series is fixed.

import { Counter, Histogram, type Registry } from "prom-client";
import type { StudyEvent } from "../../core/state/event.js";
import {
  APPEND_OUTCOMES,
  type AppendOutcome,
  type Meter,
  QUESTIONS,
  type Question,
  REPORT_OUTCOMES,
  type ReportOutcome,
} from "../../shell/metering/meter.js";

/**
 * Upper limits of the durations of appends, in seconds.
 * On an idle disk an append takes 1 to 10 ms.
 */
const APPEND_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** Upper limits of the durations of questions, in seconds. A question's time limit is 300 s. */
const QUESTION_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

const ENDED = ["completed", "pruned", "failed", "infeasible", "cancelled"] as const;

/** The meter of a coordinator process, over all its terms. */
export class CoordinatorMetrics implements Meter {
  readonly #leasesGranted: Counter;
  readonly #leasesLost: Counter;
  readonly #trialsEnded: Counter;
  readonly #setAside: Counter;
  readonly #reports: Counter;
  readonly #appends: Histogram;
  readonly #questions: Histogram;
  readonly #mended: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
      new Counter({ name, help, labelNames, registers });
    this.#leasesGranted = counter("sintonia_leases_granted_total", "Leases granted to trainers.");
    this.#leasesLost = counter(
      "sintonia_leases_lost_total",
      "Leases that ended without a result, so that the trial is queued again, by whether the attempt counts.",
      ["counted"],
    );
    this.#trialsEnded = counter("sintonia_trials_ended_total", "Trials that ended, by their last state.", ["state"]);
    this.#setAside = counter("sintonia_trainers_set_aside_total", "Cases in which a study set a trainer aside.");
    this.#reports = counter("sintonia_reports_total", "Reports of epochs by outcome.", ["outcome"]);
    this.#mended = counter("sintonia_log_records_mended_total", "Records of study logs that came from their copies.");
    this.#appends = new Histogram({
      name: "sintonia_log_append_seconds",
      help: "Duration of the attempts to append a record to a study log, by outcome.",
      labelNames: ["outcome"],
      buckets: APPEND_SECONDS,
      registers,
    });
    this.#questions = new Histogram({
      name: "sintonia_oracle_seconds",
      help: "Time from a question to the oracle or its models to the answer, with the wait for the thread.",
      labelNames: ["question"],
      buckets: QUESTION_SECONDS,
      registers,
    });
    this.#initialize();
  }

  stored(events: readonly StudyEvent[]): void {
    for (const event of events) this.#count(event);
  }

  reported(outcome: ReportOutcome): void {
    this.#reports.inc({ outcome });
  }

  appended(outcome: AppendOutcome, seconds: number): void {
    this.#appends.observe({ outcome }, seconds);
  }

  answered(question: Question, seconds: number): void {
    this.#questions.observe({ question }, seconds);
  }

  mended(records: number): void {
    this.#mended.inc(records);
  }

  /** Begins every series at 0, so that the first increase shows in a rate. */
  #initialize(): void {
    for (const counted of ["true", "false"]) this.#leasesLost.inc({ counted }, 0);
    for (const state of ENDED) this.#trialsEnded.inc({ state }, 0);
    for (const outcome of REPORT_OUTCOMES) this.#reports.inc({ outcome }, 0);
    for (const outcome of APPEND_OUTCOMES) this.#appends.zero({ outcome });
    for (const question of QUESTIONS) this.#questions.zero({ question });
  }

  #count(event: StudyEvent): void {
    switch (event.type) {
      case "lease-granted":
        this.#leasesGranted.inc();
        break;
      case "trial-requeued":
        this.#leasesLost.inc({ counted: String(event.counted ?? true) });
        break;
      case "trainer-set-aside":
        this.#setAside.inc();
        break;
      case "trial-completed":
      case "trial-pruned":
      case "trial-failed":
      case "trial-infeasible":
      case "trial-cancelled":
        this.#trialsEnded.inc({ state: event.type.slice("trial-".length) });
        break;
      default:
    }
  }
}
