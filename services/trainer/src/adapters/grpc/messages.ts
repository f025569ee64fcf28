// Translates between the core's types and protobuf messages.

import {
  type Artifact,
  ArtifactKind,
  type Checkpoint as CheckpointMessage,
  type Measurement as MeasurementMessage,
} from "@sintonia/proto/sintonia/v1/study";
import {
  Directive as DirectiveCode,
  FailureKind as FailureKindCode,
  type LeaseKey as LeaseKeyMessage,
  type Lease as LeaseMessage,
  TrainerOrder as OrderCode,
  LeaseRefusal as RefusalCode,
} from "@sintonia/proto/sintonia/v1/trainer";
import type { Failure, Weights } from "@sintonia/protocol/attempt-result";
import type { Checkpoint, StoredCheckpoint } from "@sintonia/protocol/checkpoint";
import type { Directive, TrainerOrder } from "@sintonia/protocol/directive";
import type { Lease, LeaseKey } from "@sintonia/protocol/lease";
import type { Measurement } from "@sintonia/protocol/measurement";
import { SHA256, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import type { Refusal } from "../../core/boundary/input.js";
import { CoordinatorFault } from "../../ports/coordinator.js";

const DIRECTIVES: ReadonlyMap<number, Directive> = new Map([
  [DirectiveCode.CONTINUE, "continue"],
  [DirectiveCode.STOP, "stop"],
  [DirectiveCode.PAUSE, "pause"],
  [DirectiveCode.LEASE_LOST, "lease-lost"],
]);

const REFUSALS: ReadonlyMap<number, Refusal> = new Map([
  [RefusalCode.UNKNOWN_TRIAL, "unknown-trial"],
  [RefusalCode.TRIAL_SETTLED, "trial-settled"],
  [RefusalCode.ALREADY_LEASED, "already-leased"],
  [RefusalCode.STALE_ATTEMPT, "stale-attempt"],
  [RefusalCode.STUDY_OVER, "study-over"],
  [RefusalCode.STUDY_PAUSED, "study-paused"],
  [RefusalCode.SET_ASIDE, "set-aside"],
  [RefusalCode.CORDONED, "cordoned"],
  [RefusalCode.UNFIT, "unfit"],
]);

const ORDERS: ReadonlyMap<number, TrainerOrder> = new Map([
  [OrderCode.CORDON, "cordon"],
  [OrderCode.DRAIN, "drain"],
]);

const FAILURE_KINDS: Readonly<Record<Failure["kind"], FailureKindCode>> = {
  infeasible: FailureKindCode.INFEASIBLE,
  error: FailureKindCode.ERROR,
  interrupted: FailureKindCode.INTERRUPTED,
  preempted: FailureKindCode.PREEMPTED,
  trainer: FailureKindCode.TRAINER,
};

/** Size limit of a checkpoint at the coordinator, in bytes. */
const CHECKPOINT_MAX_BYTES = 2 ** 30;

/** Length limit of a failure's message at the coordinator, in characters. */
const MESSAGE_MAX_LENGTH = 1_000;

/**
 * Translates a directive.
 *
 * @throws {CoordinatorFault} if this trainer does not know the directive
 */
export function directiveOf({ directive }: { readonly directive: DirectiveCode }): Directive {
  const known = DIRECTIVES.get(directive);
  if (known === undefined) throw new CoordinatorFault("unimplemented", `unknown directive ${directive}`);
  return known;
}

/**
 * Translates a refusal. An unknown one is `unspecified`: every refusal makes the assignment void.
 */
export function refusalOf(refusal: RefusalCode): Refusal {
  return REFUSALS.get(refusal) ?? "unspecified";
}

/** Translates an order. One that this trainer does not know is none. */
export function orderOf(order: OrderCode): TrainerOrder {
  return ORDERS.get(order) ?? "none";
}

/**
 * Translates a lease.
 *
 * @throws {CoordinatorFault} if the key or a time is missing
 */
export function leaseOf({ key, ttlMs, heartbeatIntervalMs, planJson, checkpoints = [] }: LeaseMessage): Lease {
  if (key === undefined || ttlMs === 0 || heartbeatIntervalMs === 0) {
    throw new CoordinatorFault("unimplemented", "the lease has no key, time to live or heartbeat interval");
  }
  const stored = checkpoints.flatMap(storedCheckpoint);
  return { key: leaseKeyOf(key), ttlMs, heartbeatIntervalMs, planJson, checkpoints: stored };
}

function leaseKeyOf({ studyId: study, trialId: trial, attempt, token, secret }: LeaseKeyMessage): LeaseKey {
  const studyId = STUDY_ID.parse(study);
  const trialId = TRIAL_ID.parse(trial);
  if (studyId !== undefined && trialId !== undefined)
    return { studyId, trialId, attempt, token, ...(secret === "" ? {} : { secret }) };
  throw new CoordinatorFault("unimplemented", "the lease names a study or a trial in an unknown form");
}

/**
 * Translates a stored checkpoint. Leaves out one without a usable artifact: training then does
 * without it.
 */
function storedCheckpoint({ artifact, execution, epoch }: CheckpointMessage): StoredCheckpoint[] {
  const sha256 = artifact === undefined ? undefined : SHA256.parse(artifact.sha256);
  if (artifact === undefined || sha256 === undefined || artifact.sizeBytes > CHECKPOINT_MAX_BYTES) return [];
  return [{ sha256, sizeBytes: artifact.sizeBytes, execution, epoch }];
}

/** Translates a checkpoint. */
export function checkpointMessage({ bytes, sha256, execution, epoch }: Checkpoint): CheckpointMessage & {
  readonly artifact: Artifact;
} {
  return { artifact: { kind: ArtifactKind.CHECKPOINT, sha256, sizeBytes: bytes.length }, execution, epoch };
}

/** Translates a measurement. */
export function measurementMessage(measurement: Measurement): MeasurementMessage {
  return { ...measurement, metrics: { ...measurement.metrics } };
}

/** Returns the reference to the stored weights. */
export function weightsArtifact({ bytes, sha256 }: Weights): Artifact {
  return { kind: ArtifactKind.WEIGHTS, sha256, sizeBytes: bytes.length };
}

/** Translates a failure and truncates its message. */
export function failureFields({ kind, message }: Failure): { kind: FailureKindCode; message: string } {
  return { kind: FAILURE_KINDS[kind], message: message.slice(0, MESSAGE_MAX_LENGTH) };
}
