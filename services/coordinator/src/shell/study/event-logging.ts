import type { Logger } from "@sintonia/runtime/logger";
import type { StudyEvent } from "../../core/state/event.js";
import { findTrial, type Study } from "../../core/state/study.js";
import { contextOf } from "../tracing/trial-traces.js";

const MESSAGES: Readonly<Record<StudyEvent["type"], string>> = {
  "study-created": "study created",
  "oracle-exhausted": "oracle has no further suggestion",
  "trial-queued": "trial queued",
  "point-enqueued": "point enqueued",
  "lease-granted": "trial leased",
  "epoch-reported": "epoch reported",
  "checkpoint-saved": "checkpoint saved",
  "trial-resumed": "trial resumed from checkpoint",
  "trial-completed": "trial completed",
  "trial-pruned": "trial pruned",
  "trial-paused": "trial paused at a rung",
  "trial-promoted": "trial promoted",
  "trial-failed": "trial failed",
  "trial-infeasible": "trial infeasible",
  "trial-cancelled": "trial cancelled",
  "trial-requeued": "trial given back to the queue",
  "trainer-set-aside": "trainer set aside",
  "trainer-readmitted": "trainer gets trials again",
  "search-ended": "search ended, contenders are executed again",
  "contenders-chosen": "contenders chosen",
  "study-finalizing": "study finalizing",
  "best-selected": "best trial selected",
  "test-queued": "test of the best trial queued",
  "test-completed": "test of the best trial completed",
  "front-tested": "trial of the front tested",
  "evaluation-paused": "evaluation of the best trial failed, it waits",
  "study-paused": "study paused",
  "study-resumed": "study resumed",
  "budget-extended": "budget extended",
  "study-reopened": "study extended after its end",
  "budget-spent": "budget spent, trials under way are cancelled",
  "study-stopping": "study stops after its running trials",
  "study-continued": "study continued",
  "study-ended": "study ended",
  "study-deleted": "study deleted",
};

const DEBUG: ReadonlySet<StudyEvent["type"]> = new Set(["epoch-reported", "checkpoint-saved"]);
const WARN: ReadonlySet<StudyEvent["type"]> = new Set(["trainer-set-aside", "evaluation-paused"]);

/**
 * Logs each stored event: epochs and checkpoints at debug level, faults of trainers and of the
 * evaluation at warn level, all others at info level.
 */
export function logEvents(logger: Logger, study: Study, events: readonly StudyEvent[]): void {
  for (const event of events) {
    const level = DEBUG.has(event.type) ? "debug" : WARN.has(event.type) ? "warn" : "info";
    // Epochs are many: the fields of their lines would cost time that nobody asked for.
    if (logger.isLevelEnabled(level)) logger[level](fieldsOf(study, event), MESSAGES[event.type]);
  }
}

/**
 * Returns the facts of an event without the secret of a lease. The reason of an end is `reason`:
 * `message` is the line's own.
 */
function fieldsOf(study: Study, event: StudyEvent): object {
  const { type, ...facts } = event;
  if (type === "study-created") return { studyId: study.id, name: study.spec.name };
  const attempt = "trialId" in event ? findTrial(study, event.trialId)?.attempt : undefined;
  const traceId = "trialId" in event ? contextOf(study, event.trialId).traceId : undefined;
  const { message: reason, secret: _, ...others } = { message: undefined, secret: undefined, ...facts };
  return {
    studyId: study.id,
    ...(attempt === undefined ? {} : { attempt }),
    ...(traceId && { traceId }),
    ...others,
    ...(reason && { reason }),
  };
}
