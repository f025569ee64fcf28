// The faults of calls to the coordinator, in one line for a person.

import { connectionFault } from "@sintonia/runtime/grpc/connection-fault";
import { type ClientError, Status } from "nice-grpc";

/** What to do if the coordinator refuses a trainer, by status. */
const ADVICE: ReadonlyMap<Status, string> = new Map([
  [
    Status.UNAUTHENTICATED,
    'Make a token with "sintonia token create", add its line to SINTONIA_GRPC_TOKENS_FILE of the coordinator, ' +
      "and name its file in SINTONIA_COORDINATOR_TOKEN_FILE of the trainer.",
  ],
  [
    Status.PERMISSION_DENIED,
    "Give the trainer a token or certificate of the role trainer, and its name in SINTONIA_TRAINER_NAME.",
  ],
  [Status.UNIMPLEMENTED, "Check SINTONIA_COORDINATOR_ADDRESS of the trainer, and the versions of both."],
]);

/**
 * Describes a fault.
 *
 * @param address - of the coordinator, for a call that depends on no trial: its refusal concerns
 *   the trainer
 */
export function faultText({ code, details }: ClientError, address?: string): string {
  if (code === Status.UNAVAILABLE) return absenceText(details);
  const advice = ADVICE.get(code);
  if (address === undefined || advice === undefined) return details;
  return `The coordinator at ${address} refuses this trainer. ${details} ${advice}`;
}

function absenceText(details: string): string {
  const { kind, reason } = connectionFault(details);
  if (kind === "closed") return `${reason}; one with TLS needs SINTONIA_COORDINATOR_CA_FILE`;
  return kind === "no-tls" ? `${reason}; unset SINTONIA_COORDINATOR_CA_FILE, or give it TLS` : reason;
}
