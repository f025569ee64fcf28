// The log of a trainer's inputs and effects.

import type { Logger } from "@sintonia/runtime/logger";
import type { AttemptEnd, Effect } from "../core/boundary/effect.js";
import type { Input } from "../core/boundary/input.js";
import type { Phase } from "../core/state/phase.js";
import type { State } from "../core/state/state.js";
import type { TrialLogs } from "./trial-logs.js";

const LEVEL_OF_END: Readonly<Record<AttemptEnd, "info" | "warn">> = {
  completed: "info",
  failed: "info",
  stopped: "info",
  "lease-lost": "warn",
  fenced: "warn",
  unreported: "warn",
};

/** Logs an input, except ticks, with the ids of its trial. */
export function logInput(logs: TrialLogs, { phase }: State, input: Input): void {
  // Ten a second: the child logger would cost more than the rest of the step.
  if (input.type === "tick") return;
  const log = loggerOf(logs, phase);
  switch (input.type) {
    case "child-died":
      log.warn({ detail: input.detail }, "training process died");
      break;
    case "lease-refused":
      log.info({ reason: input.reason }, "assignment void");
      break;
    case "lease-rejected":
      log.warn({ reason: input.message }, "lease request rejected");
      break;
    case "lease-granted":
      log.info({ token: input.lease.key.token }, "lease granted");
      break;
    case "checkpoint-unavailable":
      log.warn({ sha256: input.sha256, reason: input.message }, "checkpoint unavailable");
      break;
    case "checkpoint-refused":
      log.warn({ reason: input.message }, "checkpoint refused");
      break;
    case "checkpoint-accepted":
      log.info({ execution: input.execution, epoch: input.epoch }, "resuming from checkpoint");
      break;
    case "checkpoint-made": {
      const { sha256, bytes, execution, epoch } = input.checkpoint;
      log.debug({ sha256, bytes: bytes.length, execution, epoch }, "checkpoint made");
      break;
    }
    case "checkpoint-failed":
      // After the end of training no checkpoint is needed.
      if ("saving" in phase) log.warn({ reason: input.message }, "checkpoint not made");
      break;
    case "epoch-trained": {
      const { execution, epoch, metrics, learningRate, seconds } = input.measurement;
      log.debug({ execution, epoch, ...metrics, learningRate, seconds }, "epoch trained");
      break;
    }
    case "training-completed":
      log.debug({ bytes: input.weights.bytes.length }, "training completed");
      break;
    case "call-rejected":
      log.warn({ call: input.call, reason: input.message }, "call rejected by coordinator");
      break;
    default:
  }
}

/** Logs an effect with the ids of its trial. */
export function logEffect(logs: TrialLogs, effect: Effect): void {
  switch (effect.type) {
    case "give-back-assignment":
      logs.of(effect.assignment).info({ delayMs: effect.delayMs }, "assignment given back");
      break;
    case "fail-trial": {
      const { kind, message } = effect.failure;
      logs.of(effect.lease).warn({ kind, reason: message }, "attempt failed");
      break;
    }
    case "end-attempt":
      logs.of(effect.lease)[LEVEL_OF_END[effect.end]]({ end: effect.end }, "attempt ended");
      break;
    default:
  }
}

function loggerOf(logs: TrialLogs, phase: Phase): Logger {
  if ("lease" in phase) return logs.of(phase.lease.key);
  return phase.name === "leasing" ? logs.of(phase.assignment) : logs.logger;
}
