// A trainer touches its own leases only. The caller was established at the door; this file compares
// it with the trainer that a request names, and with the holder of the lease.

import type { LeaseKey as WireLeaseKey } from "@sintonia/proto/sintonia/v1/trainer";
import { type Caller, mayActAs } from "@sintonia/protocol/caller";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { TrainerId } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { type ServerError, Status } from "nice-grpc-common";
import { type Studies, trialOf } from "../../../shell/studies.js";
import { requireLease, requireTrainer } from "./fields.js";

/**
 * Returns the trainer that a request names.
 *
 * @throws {ServerError} if the caller may not act as this trainer
 */
export function ownTrainer(caller: Caller, trainer: { readonly id: string } | undefined): TrainerId {
  const trainerId = requireTrainer(trainer);
  if (mayActAs(caller, trainerId)) return trainerId;
  const message = `${caller.name} may not act as the trainer ${trainerId}; ${allowed(caller)}.`;
  throw denied(message, "TRAINER_FOREIGN", { trainerId });
}

/**
 * Returns the lease of a request. A lease that nobody holds passes: the study answers that it is
 * lost.
 *
 * @throws {ServerError} if another trainer holds or held the lease
 */
export function ownLease(studies: Pick<Studies, "study">, caller: Caller, message: WireLeaseKey | undefined): LeaseKey {
  const lease = requireLease(message);
  const holder = trialOf(studies, lease)?.lease?.trainerId;
  if (holder === undefined || mayActAs(caller, holder)) return lease;
  const { studyId, trialId } = lease;
  const text = `${caller.name} may not use the lease of trial ${trialId}, which another trainer holds.`;
  throw denied(text, "LEASE_FOREIGN", { studyId, trialId });
}

function allowed({ name }: Caller): string {
  return name.endsWith("*") ? `its trainers are those whose names match ${name}` : `its trainer has the name ${name}`;
}

function denied(message: string, reason: string, facts: Readonly<Record<string, string>>): ServerError {
  return refusal(Status.PERMISSION_DENIED, message, { reason, facts });
}
