// Maps every known error to a gRPC status.

import { OverloadStatus } from "@sintonia/runtime/grpc/pushback";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { formatProblems, type Problem } from "@sintonia/tuning/validation/problems";
import { type ServerError, Status } from "nice-grpc-common";
import { BadRequest, ResourceInfo } from "nice-grpc-error-details";
import type { Rejection } from "../../../core/boundary/answer.js";
import { isCost, limitText } from "../../../core/budget/limits.js";
import { ArtifactMismatchError, ArtifactMissingError } from "../../../ports/artifact-store.js";
import { ForeignCheckpointError } from "../../../ports/checkpoint-store.js";
import { NoRoomError, OffsetError } from "../../../ports/file-store.js";
import { QuestionDeadlineError, TooManyQuestionsError } from "../../../ports/oracle-service.js";
import { RecordTooLargeError, StoreUnavailableError } from "../../../ports/study-log.js";
import { OpenStudyError, StudyExistsError } from "../../../shell/import/checked-import.js";
import type { DamagedStudy } from "../../../shell/studies.js";
import { AnotherWriterError, DamagedLogError } from "../../../shell/study/journal.js";
import { UndecidableInputError } from "../../../shell/study/undecidable.js";
import { OverloadedError } from "../../../shell/study/waiting-inputs.js";
import { UnexplainedTrialError } from "../../../shell/trial-explanation.js";

/** The status of each known class of errors, and its reason for programs. */
const STATUSES: readonly (readonly [type: abstract new (...args: never[]) => Error, code: Status, reason: string])[] = [
  [TooManyQuestionsError, Status.RESOURCE_EXHAUSTED, "QUESTIONS_WAITING"],
  [QuestionDeadlineError, Status.DEADLINE_EXCEEDED, "QUESTION_UNANSWERED"],
  [StoreUnavailableError, Status.UNAVAILABLE, "STORE_UNAVAILABLE"],
  [AnotherWriterError, Status.UNAVAILABLE, "LEADERSHIP_LOST"],
  [UnexplainedTrialError, Status.FAILED_PRECONDITION, "TRIAL_UNEXPLAINED"],
  [UndecidableInputError, Status.FAILED_PRECONDITION, "CALL_UNDECIDABLE"],
  [RecordTooLargeError, Status.RESOURCE_EXHAUSTED, "RECORD_TOO_LARGE"],
  [DamagedLogError, Status.DATA_LOSS, "LOG_DAMAGED"],
  [StudyExistsError, Status.ALREADY_EXISTS, "STUDY_EXISTS"],
  [OpenStudyError, Status.FAILED_PRECONDITION, "STUDY_OPEN"],
  [ArtifactMismatchError, Status.DATA_LOSS, "ARTIFACT_DAMAGED"],
  [ForeignCheckpointError, Status.FAILED_PRECONDITION, "CHECKPOINT_FOREIGN"],
  [NoRoomError, Status.RESOURCE_EXHAUSTED, "STORAGE_FULL"],
  [OffsetError, Status.OUT_OF_RANGE, "OFFSET_MISSED"],
  [ArtifactMissingError, Status.NOT_FOUND, "ARTIFACT_UNKNOWN"],
];

/**
 * Maps a known error to a status. UNAVAILABLE and an OverloadStatus invite a repeat of the call.
 * Returns an unknown error unchanged.
 */
export function statusError(error: unknown): unknown {
  if (error instanceof OverloadedError) return new OverloadStatus(error.message, error.retryAfterMs);
  const [, code, reason] = STATUSES.find(([type]) => error instanceof type) ?? [];
  if (code === undefined || reason === undefined) return error;
  return refusal(code, (error as Error).message, { reason });
}

/** Maps a rejection to a status after which the caller does not repeat the call. */
export function rejectionError(rejection: Rejection): ServerError {
  if (rejection.code === "VALUES_INVALID")
    return refusal(Status.INVALID_ARGUMENT, rejection.problems, { reason: rejection.code });
  const { code: reason, ...facts } = rejection;
  const texts = Object.entries(facts).map(([name, value]) => [name, String(value)]);
  return refusal(Status.FAILED_PRECONDITION, describeRejection(rejection), {
    reason,
    facts: Object.fromEntries(texts),
  });
}

/** Returns DATA_LOSS for a study that is set aside. */
export function setAsideError({ studyId, reason, advice }: DamagedStudy): ServerError {
  const message = `Study ${studyId} is set aside. ${reason} ${advice}`;
  return refusal(Status.DATA_LOSS, message, { reason: "STUDY_SET_ASIDE", facts: { studyId } });
}

/** A thing that a call names and that is not there. */
export interface MissingThing {
  readonly type: "study" | "trial" | "attempt" | "artifact" | "checkpoint" | "trainer";
  /** Name of the thing; empty for any of its type. */
  readonly name: string;
  /** Where the call looked for the thing: "study mnist-1". */
  readonly owner?: string;
}

/** Returns NOT_FOUND with a message, or with "Trial 12 of study mnist-1 does not exist." */
export function notFound(
  thing: MissingThing,
  { reason = `${thing.type.toUpperCase()}_UNKNOWN`, message = missing(thing) } = {},
): ServerError {
  const { type, name: resourceName, owner } = thing;
  const resource = ResourceInfo.fromPartial({ resourceType: `sintonia.${type}`, resourceName, owner: owner ?? "" });
  return refusal(Status.NOT_FOUND, message, { reason, facts: { name: resourceName }, further: [resource] });
}

function missing({ type, name, owner }: MissingThing): string {
  const what = `${type.charAt(0).toUpperCase()}${type.slice(1)} ${name}`;
  return `${what}${owner === undefined ? "" : ` of ${owner}`} does not exist.`;
}

/** Returns INVALID_ARGUMENT for one field. Its name is written as in the proto file. */
export function invalidField(
  field: string,
  description: string,
  message: string = `${field}: ${description}`,
): ServerError {
  const violations = BadRequest.fromPartial({ fieldViolations: [{ field, description }] });
  return refusal(Status.INVALID_ARGUMENT, message, {
    reason: "FIELD_INVALID",
    facts: { field },
    further: [violations],
  });
}

/** Returns INVALID_ARGUMENT for a spec, with one line and one violation for each problem. */
export function invalidSpec(problems: readonly Problem[]): ServerError {
  const fieldViolations = problems.map(({ path, received, expected }) => {
    return { field: path, description: `received ${received}, expected ${expected}` };
  });
  const further = [BadRequest.fromPartial({ fieldViolations })];
  return refusal(Status.INVALID_ARGUMENT, formatProblems(problems), { reason: "SPEC_INVALID", further });
}

/** Returns INVALID_ARGUMENT for a stream whose messages do not follow each other. */
export function invalidStream(message: string): ServerError {
  return refusal(Status.INVALID_ARGUMENT, message, { reason: "MESSAGE_MISPLACED" });
}

/** Returns DEADLINE_EXCEEDED for a transfer that stands still or takes too long. */
export function transferTimedOut(message: string): ServerError {
  return refusal(Status.DEADLINE_EXCEEDED, message, { reason: "TRANSFER_TIMED_OUT" });
}

/** Returns CANCELLED for a transfer that its client has left. */
export function clientLeft(transfer: "upload" | "import"): ServerError {
  const message = `The client has left before the end of its ${transfer}.`;
  return refusal(Status.CANCELLED, message, { reason: "CLIENT_LEFT" });
}

function describeRejection(rejection: Exclude<Rejection, { readonly code: "VALUES_INVALID" }>): string {
  switch (rejection.code) {
    case "EPOCH_OUT_OF_ORDER": {
      const { execution, epoch, reported } = rejection;
      return `Epoch ${epoch} of execution ${execution} does not follow the ${reported} epochs reported so far.`;
    }
    case "EPOCH_BEYOND_LIMIT": {
      const { execution, epoch, maxEpochs } = rejection;
      return `Epoch ${epoch} of execution ${execution} is beyond the ${maxEpochs} epochs of the training plan, from 0.`;
    }
    case "OBJECTIVE_MISSING":
      return `The report lacks the objective's metric ${rejection.metric}.`;
    case "EXECUTIONS_MISSING":
      return `The trial has ${rejection.executions} executions, and the kept epoch of one is not reported.`;
    case "EPOCH_UNREPORTED":
      return `The checkpoint covers unreported epoch ${rejection.epoch} of execution ${rejection.execution}.`;
    case "TRIAL_UNKNOWN":
      return `The study has no trial ${rejection.trialId}.`;
    case "TRIAL_SETTLED":
      return `Trial ${rejection.trialId} has ended already: it is ${rejection.state}.`;
    case "TRIAL_NOT_RETRYABLE":
      return `Trial ${rejection.trialId} is ${rejection.state}, and only a failed or cancelled trial can be retried.`;
    case "BUDGET_LARGER":
      return `The budget has ${rejection.maxTrials} trials, and it can only grow.`;
    case "LIMIT_LARGER": {
      const { limit, max } = rejection;
      return `The budget has ${limitText(limit, max)}, and it can only ${isCost(limit) ? "grow" : "shrink"}.`;
    }
    case "LIMIT_ABSENT":
      return `The budget has no ${rejection.limit}, and an extension adds no limit.`;
    case "LIMIT_SPENT":
      return `The budget of ${limitText(rejection.limit, rejection.max)} is spent: extend it too.`;
    case "STUDY_FAILED":
      return `The study has failed and is not extended: ${rejection.message} Another study may begin with its results.`;
    case "BUDGET_SPENT":
      return `All ${rejection.maxTrials} trials of the budget have their values: extend the budget first.`;
    case "STUDY_STOPPING":
      return "The study stops after its running trials, and no other begins.";
    case "SEARCH_ENDED":
      return "The search has ended: no other trial follows, except that the best ones may be executed again.";
    case "STUDY_NOT_ACTIVE":
      return `The study is ${rejection.status}, and only an active study can be changed so.`;
    case "STUDY_OPEN":
      return `The study is ${rejection.status} and has not ended.`;
    case "CHECKPOINT_UNKNOWN":
      return `The trial has no checkpoint ${rejection.sha256}.`;
  }
}
