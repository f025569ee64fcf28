// A simulated training. Each epoch depends on all epochs before it, which reveals a resumption from
// a wrong state.

import type { Sha256 } from "@sintonia/protocol/names";
import { sha256Of } from "@sintonia/protocol/names.fixture";

/** Returns the state before the first epoch. */
export function initialState(trialId: string): number {
  return Math.imul(Number(trialId) + 1, 0x9e3779b1) >>> 0;
}

/** Returns the state after an epoch. */
export function stateAfter(state: number, epoch: number): number {
  return (Math.imul(state ^ (state >>> 15), 0x85ebca6b) + epoch) >>> 0;
}

/** Returns the metric of an epoch that ends in this state. */
export function measuredIn(state: number): number {
  return (state % 997) / 997;
}

/** Returns the metric of an epoch in an undisturbed run. */
export function valAccuracyOf(trialId: string, epoch: number): number {
  let state = initialState(trialId);
  for (let done = 0; done <= epoch; done++) state = stateAfter(state, done);
  return measuredIn(state);
}

/** Names the checkpoint of an epoch under a lease; different leases have different names. */
export function checkpointName({ trialId, token }: { trialId: string; token: number }, epoch: number): Sha256 {
  return sha256Of(writerNamed(trialId, token) + String(epoch).padStart(32, "0"));
}

/** Returns the part of a checkpoint's name that names trial and token. */
export function writerNamed(trialId: string, token: number | undefined): string {
  return trialId.padStart(16, "0") + String(token).padStart(16, "0");
}

/** Returns trial and token from the name of a checkpoint. */
export function writerOf(name: string): string {
  return name.slice(0, 32);
}
