import type { Lease } from "@sintonia/protocol/lease";
import type { Input } from "../core/boundary/input.js";

/** The inputs that the training process emits. */
export type TrainingInput = Extract<
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

/**
 * A separate process that trains one trial at a time, so that training neither blocks nor crashes
 * the trainer.
 */
export interface TrainingProcess {
  /**
   * Starts the process and its engine. `engine-ready`, `engine-failed` or `child-died` follows.
   * Only after the latter two may the caller start the process again. `emit` is never called
   * before `start` returns.
   */
  start(emit: (event: TrainingInput) => void): void;
  /**
   * Trains a trial. Call this after `engine-ready`. One of the `training-` events or `child-died`
   * follows.
   *
   * @param checkpoint - the checkpoint to resume from: `checkpoint-accepted` follows first, after
   *   which training waits, or `checkpoint-refused`, after which the process is ready for a trial
   */
  train(lease: Lease, checkpoint?: Uint8Array): void;
  /** Resumes training, which waits after `epoch-trained` and `checkpoint-accepted`. */
  resume(): void;
  /**
   * Makes a checkpoint of the last epoch after which training resumed, while training continues.
   * `checkpoint-made` or `checkpoint-failed` follows, the latter also if there was no such epoch.
   */
  save(): void;
  /**
   * Ends the trial, which emits nothing more. `engine-ready` follows: from this process if
   * training waits, else from a new one.
   */
  stop(): void;
  /** Ends the process, which emits nothing more. */
  close(): Promise<void>;
}
