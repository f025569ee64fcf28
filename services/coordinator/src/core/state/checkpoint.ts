// The checkpoints of a trial, newest first. Each covers fewer epochs than the one before it.

import type { Measurement, TrialEpoch } from "@sintonia/protocol/measurement";
import { InvariantError } from "@sintonia/runtime/errors";
import { indexOfEpoch, type Measurements } from "../measurements/measurements.js";
import type { EventOf } from "./event.js";
import type { CheckpointRecord, Trial } from "./study.js";

/**
 * Number of checkpoints that a trial keeps. If the newest is damaged, the trial resumes from the
 * one before.
 */
const CHECKPOINTS_MAX = 2;

/**
 * Returns the measurements up to and including that of an epoch.
 *
 * @returns undefined if the epoch has no measurement
 */
export function measuredUpTo(measurements: Measurements, epoch: TrialEpoch): readonly Measurement[] | undefined {
  const last = indexOfEpoch(measurements, epoch);
  return last < 0 ? undefined : measurements.slice(0, last + 1);
}

/** Finds a checkpoint of a trial by its checksum. */
export function findCheckpoint({ checkpoints }: Trial, sha256: string): CheckpointRecord | undefined {
  return checkpoints.find(({ artifact }) => artifact.sha256 === sha256);
}

/** Returns the trial's checkpoints after it saved one that covers more epochs than the others. */
export function checkpointsWith(trial: Trial, event: EventOf<"checkpoint-saved">): readonly CheckpointRecord[] {
  const measurements = measuredUpTo(trial.measurements, event);
  if (measurements === undefined) {
    throw new InvariantError(
      `Trial ${trial.id} cannot have a checkpoint of epoch ${event.epoch}: the epoch has no measurement.`,
    );
  }
  return [{ artifact: event.artifact, measurements }, ...trial.checkpoints].slice(0, CHECKPOINTS_MAX);
}

/**
 * Returns the changes to a trial that resumes from a checkpoint. The epochs that the checkpoint
 * covers count as measured. Newer checkpoints are dropped, since the trainer could not use them.
 */
export function resumedFrom(trial: Trial, { sha256 }: EventOf<"trial-resumed">): Partial<Trial> {
  const checkpoint = findCheckpoint(trial, sha256);
  if (checkpoint === undefined) throw new InvariantError(`Trial ${trial.id} has no checkpoint ${sha256}.`);
  const { measurements } = checkpoint;
  return {
    measurements,
    resumedEpochs: measurements.length,
    checkpoints: trial.checkpoints.slice(trial.checkpoints.indexOf(checkpoint)),
  };
}
