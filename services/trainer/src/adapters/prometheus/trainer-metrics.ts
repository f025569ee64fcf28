// The metrics of a trainer. docs/operations.md lists them. No label names a study, a trial or a
// checkpoint, so that the number of series is fixed.

import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { AttemptEnd } from "../../core/boundary/effect.js";
import type { Input } from "../../core/boundary/input.js";
import { leased } from "../../core/state/phase.js";
import type { ObservedStep, StepObserver } from "../../ports/step-observer.js";

/** Upper limits of the durations of epochs, in seconds: programs report in milliseconds. */
const EPOCH_SECONDS = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];

const ENDS: readonly AttemptEnd[] = ["completed", "failed", "stopped", "lease-lost", "fenced", "unreported"];
const CHECKPOINT_OUTCOMES = ["saved", "rejected", "failed"] as const;

/** What the last step of a slot tells about the present. */
interface Standing {
  readonly isLeased: boolean;
  readonly isRefused: boolean;
  readonly bufferedCount: number;
}

/** Counts and measures the steps of a trainer's slots. */
export class TrainerMetrics {
  readonly #standings = new Map<number, Standing>();
  readonly #running: Gauge;
  readonly #refused: Gauge;
  readonly #buffered: Gauge;
  readonly #epochs: Counter;
  readonly #examples: Counter;
  readonly #epochSeconds: Histogram;
  readonly #checkpoints: Counter;
  readonly #attempts: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#running = new Gauge({
      name: "sintonia_trainer_trial_running",
      help: "Trials whose lease the trainer holds.",
      registers,
    });
    this.#refused = new Gauge({
      name: "sintonia_trainer_refused",
      help: "Slots of the trainer that the coordinator refuses, for example for its token.",
      registers,
    });
    this.#buffered = new Gauge({
      name: "sintonia_trainer_reports_buffered",
      help: "Reports of epochs that the coordinator has not answered.",
      registers,
    });
    this.#epochs = new Counter({ name: "sintonia_trainer_epochs_total", help: "Trained epochs.", registers });
    this.#examples = new Counter({
      name: "sintonia_trainer_examples_total",
      help: "Training examples of the trained epochs of networks and modules.",
      registers,
    });
    this.#epochSeconds = new Histogram({
      name: "sintonia_trainer_epoch_seconds",
      help: "Duration of epochs, with their validation.",
      buckets: EPOCH_SECONDS,
      registers,
    });
    this.#checkpoints = new Counter({
      name: "sintonia_trainer_checkpoints_total",
      help: "Checkpoints by outcome: saved, rejected by the coordinator, or failed to be made.",
      labelNames: ["outcome"],
      registers,
    });
    this.#attempts = new Counter({
      name: "sintonia_trainer_attempts_total",
      help: "Ended attempts at trials, by their end.",
      labelNames: ["end"],
      registers,
    });
    for (const outcome of CHECKPOINT_OUTCOMES) this.#checkpoints.inc({ outcome }, 0);
    for (const end of ENDS) this.#attempts.inc({ end }, 0);
  }

  /** Returns the observer of a slot's steps. */
  ofSlot(slot: number): StepObserver {
    return (step) => this.#observe(slot, step);
  }

  #observe(slot: number, { input, state: { phase, refusalCount }, effects }: ObservedStep): void {
    this.#standings.set(slot, {
      isLeased: leased(phase) !== undefined,
      isRefused: refusalCount !== undefined && phase.name !== "stopped",
      bufferedCount: "reports" in phase ? phase.reports.queue.length : 0,
    });
    const standings = [...this.#standings.values()];
    this.#running.set(standings.filter(({ isLeased }) => isLeased).length);
    this.#refused.set(standings.filter(({ isRefused }) => isRefused).length);
    this.#buffered.set(standings.reduce((sum, { bufferedCount }) => sum + bufferedCount, 0));
    for (const effect of effects) if (effect.type === "end-attempt") this.#attempts.inc({ end: effect.end });
    if (input !== undefined) this.#observeInput(input);
  }

  #observeInput(input: Input): void {
    if (input.type === "epoch-trained") {
      this.#epochs.inc();
      this.#examples.inc(input.examples ?? 0);
      this.#epochSeconds.observe(input.measurement.seconds);
    }
    const outcome = checkpointOutcome(input);
    if (outcome !== undefined) this.#checkpoints.inc({ outcome });
  }
}

function checkpointOutcome(input: Input): (typeof CHECKPOINT_OUTCOMES)[number] | undefined {
  if (input.type === "checkpoint-failed") return "failed";
  if (!("call" in input) || input.call !== "save-checkpoint") return undefined;
  if (input.type === "call-rejected") return "rejected";
  return input.directive === "continue" ? "saved" : undefined;
}
