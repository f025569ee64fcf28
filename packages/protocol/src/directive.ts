/** The coordinator's answer to a call under a lease. */
export type Directive =
  /** Continue the attempt. */
  | "continue"
  /** The trial has ended, such as by a pruner: stop training and report nothing more. */
  | "stop"
  /**
   * The trial waits at a rung of the pruner: save a checkpoint and hand the trial back as
   * preempted.
   */
  | "pause"
  /** The lease is not valid: stop training and discard the attempt. */
  | "lease-lost";

/** A person's order about a trainer: take no further trial, or also hand back the present one. */
export type TrainerOrder = "none" | "cordon" | "drain";

/**
 * The trainer's answer to its training process after an epoch. The process holds no lease and so
 * cannot lose one. It saves checkpoints whenever the trainer asks for one.
 */
export type TrainingDirective = Exclude<Directive, "lease-lost" | "pause">;
