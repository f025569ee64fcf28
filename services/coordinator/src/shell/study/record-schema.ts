// The form of a stored record. The coordinator sets a study aside if a record has another form.
// The replay may therefore rely on known types of events, on complete fields, and on checksums
// that are no paths.

import { type Form, SHA256, STUDY_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { z } from "zod";
import type { StudyEvent } from "../../core/state/event.js";

/** Version of the records that this coordinator writes, and the only one that it reads. */
export const RECORD_VERSION = 1;

const named = <T extends string>(form: Form<T>) =>
  z.custom<T>((value) => typeof value === "string" && form.parse(value) !== undefined, form.expected);

const trialId = named(TRIAL_ID);
const count = z.int().nonnegative();
const mapping = z.looseObject({});
const artifact = z.looseObject({ kind: z.string(), sha256: named(SHA256), sizeBytes: count });
const measurement = z.looseObject({
  execution: count,
  epoch: count,
  metrics: z.record(z.string(), z.number()),
  learningRate: z.number(),
  seconds: z.number(),
});

const extendedLimits = z.looseObject({ maxTrials: z.int().positive(), limits: mapping.optional() });

/** The fields of each event that the replay relies on. Further fields pass. */
const FIELDS: Readonly<Record<StudyEvent["type"], z.ZodType>> = {
  "study-created": z.looseObject({
    studyId: named(STUDY_ID),
    spec: z.looseObject({ name: z.string(), objective: mapping, budget: mapping, parameters: mapping }),
  }),
  "oracle-exhausted": mapping,
  "trial-queued": z.looseObject({ trialId, values: mapping }),
  "point-enqueued": z.looseObject({ values: mapping }),
  "lease-granted": z.looseObject({ trialId, attempt: z.int(), token: z.int(), trainerId: z.string() }),
  "epoch-reported": z.looseObject({ trialId, measurement }),
  "checkpoint-saved": z.looseObject({ trialId, artifact, execution: count, epoch: count }),
  "trial-resumed": z.looseObject({ trialId, sha256: named(SHA256) }),
  "trial-completed": z.looseObject({ trialId, objective: z.number().nullable(), weights: artifact }),
  "trial-pruned": z.looseObject({ trialId, message: z.string(), evidence: mapping }),
  "trial-paused": z.looseObject({ trialId, evidence: mapping }),
  "trial-promoted": z.looseObject({ trialId, rung: count, attempt: z.int().optional() }),
  "trial-failed": z.looseObject({ trialId, message: z.string() }),
  "trial-infeasible": z.looseObject({ trialId, message: z.string() }),
  "trial-cancelled": z.looseObject({ trialId }),
  "trial-requeued": z.looseObject({ trialId, attempt: z.int() }),
  "trainer-set-aside": z.looseObject({ trainerId: z.string(), trialId, reason: z.string() }),
  "trainer-readmitted": z.looseObject({ trainerId: z.string() }),
  "search-ended": mapping,
  "contenders-chosen": z.looseObject({ trialIds: z.array(trialId) }),
  "study-finalizing": z.looseObject({ ending: z.enum(["completed", "stopped"]) }),
  "best-selected": z.looseObject({ selection: z.looseObject({ trialId }) }),
  "test-queued": z.looseObject({ trialId, tests: trialId }),
  "test-completed": z.looseObject({ trialId, metrics: z.record(z.string(), z.number()), weights: artifact }),
  "front-tested": z.looseObject({ trialId, models: z.array(artifact) }),
  "evaluation-paused": z.looseObject({ message: z.string() }),
  "study-paused": z.looseObject({ reason: z.string() }),
  "study-resumed": mapping,
  "budget-extended": extendedLimits,
  "study-reopened": extendedLimits,
  "budget-spent": z.looseObject({ limit: z.string(), max: z.number() }),
  "study-stopping": z.looseObject({ reason: z.string() }),
  "study-continued": z.looseObject({ since: z.number() }),
  "study-ended": z.looseObject({
    status: z.enum(["completed", "stopped", "failed"]),
    models: z.array(artifact).optional(),
  }),
  "study-deleted": mapping,
};

/** The form of a record, without its version and the fields of its events. */
export const recordShape = z.object({
  version: z.literal(RECORD_VERSION),
  studyId: z.string(),
  sequence: z.int().positive(),
  previous: z.string(),
  at: z.number(),
  events: z.array(z.custom<{ readonly type: string }>(isTyped)),
});

function isTyped(event: unknown): boolean {
  return isMapping(event) && typeof event["type"] === "string";
}

/** The reason why an event cannot be replayed. */
export type EventFault =
  | { readonly kind: "unknown-type"; readonly type: string }
  | { readonly kind: "malformed"; readonly type: string; readonly field: string };

/** Returns the reason why an event cannot be replayed; undefined if it can. */
export function eventFault(event: { readonly type: string }): EventFault | undefined {
  const { type } = event;
  if (type === "epoch-reported" && isReport(event)) return undefined;
  if (!Object.hasOwn(FIELDS, type)) return { kind: "unknown-type", type };
  const checked = FIELDS[type as StudyEvent["type"]].safeParse(event);
  if (checked.success) return undefined;
  return { kind: "malformed", type, field: checked.error.issues[0]?.path.join(".") ?? "" };
}

/**
 * Tells whether an event is an epoch's report in the form of FIELDS. Nearly all events of a long
 * log are reports, and their check by zod would take a third of the recovery.
 */
function isReport(event: object): boolean {
  const { trialId, measurement } = event as { trialId?: unknown; measurement?: unknown };
  if (typeof trialId !== "string" || TRIAL_ID.parse(trialId) === undefined || !isMapping(measurement)) return false;
  const { execution, epoch, metrics, learningRate, seconds } = measurement;
  if (!isCount(execution) || !isCount(epoch) || !isMapping(metrics)) return false;
  return Number.isFinite(learningRate) && Number.isFinite(seconds) && Object.values(metrics).every(Number.isFinite);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
