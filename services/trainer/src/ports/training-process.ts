import type { Lease } from "@sintonia/protocol/lease";
import type { Input } from "../core/boundary/input.js";

/** What the training process says. */
export type TrainingEvent = Extract<
  Input,
  {
    type:
      | "engine-ready"
      | "engine-failed"
      | "child-died"
      | "checkpoint-accepted"
      | "checkpoint-refused"
      | "checkpoint-made"
      | "checkpoint-failed"
      | "epoch-trained"
      | "training-completed"
      | "training-failed";
  }
>;

/** A process of its own in which one trial at a time is trained, so that training blocks nobody and crashes alone. */
export interface TrainingProcess {
  /**
   * Starts the process and its engine. `engine-ready`, `engine-failed` or `child-died` follows; only after the latter two
   * may it be started again. Never calls `emit` before it returns.
   */
  start(emit: (event: TrainingEvent) => void): void;
  /**
   * Trains a trial. Call it after `engine-ready`; one of the `training-` events follows, or `child-died`.
   *
   * @param checkpoint - what to go on from: `checkpoint-accepted` follows first, after which training waits, or
   *   `checkpoint-refused`, after which the process is as ready as before
   */
  train(lease: Lease, checkpoint?: Uint8Array): void;
  /** Answers `epoch-trained` or `checkpoint-accepted`, after which training waits: it goes on. */
  resume(): void;
  /**
   * Has a checkpoint made while training goes on, of the last epoch after which it was resumed. `checkpoint-made` or
   * `checkpoint-failed` follows, the latter also where there was no such epoch.
   */
  save(): void;
  /**
   * Ends the trial wherever it is; nothing more is heard of it. `engine-ready` follows: at once where training waits for
   * an answer, else from a new process.
   */
  stop(): void;
  /** Ends the process for good. Nothing is emitted any more. */
  close(): Promise<void>;
}
