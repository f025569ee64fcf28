// What becomes of a trial's checkpoints. Best first; each covers fewer epochs than the one before it.

import type { Measurement } from "@sintonia/protocol/measurement";
import { InvariantError } from "@sintonia/runtime/errors";
import type { EventOf } from "./event.js";
import type { CheckpointRecord, Trial } from "./study.js";

/** A damaged checkpoint leaves the one before it to go on from. */
const KEPT_MAX = 2;

/**
 * The measurements up to that of an epoch.
 *
 * @returns undefined if the epoch has not been measured
 */
export function measuredUpTo(
  measurements: readonly Measurement[],
  { execution, epoch }: { readonly execution: number; readonly epoch: number },
): readonly Measurement[] | undefined {
  const last = measurements.findIndex((known) => known.execution === execution && known.epoch === epoch);
  return last < 0 ? undefined : measurements.slice(0, last + 1);
}

/** The checkpoint of that content. */
export function findCheckpoint({ checkpoints }: Trial, sha256: string): CheckpointRecord | undefined {
  return checkpoints.find(({ artifact }) => artifact.sha256 === sha256);
}

/** What a trial may go on from once a checkpoint was saved that covers more than those before. */
export function checkpointsWith(trial: Trial, event: EventOf<"checkpoint-saved">): readonly CheckpointRecord[] {
  const measurements = measuredUpTo(trial.measurements, event);
  if (measurements === undefined) {
    throw new InvariantError(
      `Trial ${trial.id} cannot have a checkpoint of epoch ${event.epoch}, not measured so far.`,
    );
  }
  return [{ artifact: event.artifact, measurements }, ...trial.checkpoints].slice(0, KEPT_MAX);
}

/** A trial that goes on from a checkpoint: better ones were of no use, and what this one covers counts as measured. */
export function resumedFrom(trial: Trial, { sha256 }: EventOf<"trial-resumed">): Partial<Trial> {
  const checkpoint = findCheckpoint(trial, sha256);
  if (checkpoint === undefined) throw new InvariantError(`Trial ${trial.id} has no checkpoint ${sha256}.`);
  const { measurements } = checkpoint;
  return { measurements, checkpoints: trial.checkpoints.slice(trial.checkpoints.indexOf(checkpoint)) };
}
