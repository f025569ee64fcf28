// Maps every known error to a gRPC status.

import { OverloadStatus } from "@sintonia/runtime/grpc/pushback";
import { ServerError, Status } from "nice-grpc-common";
import { ErrorInfo, RichServerError } from "nice-grpc-error-details";
import type { Rejection } from "../../../core/boundary/answer.js";
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

/** Names the system in the reasons of errors. */
const DOMAIN = "sintonia";

/**
 * Longest message with details, in characters. The details repeat it, and clients in C, Python and
 * Go take at most 8 KiB of metadata.
 */
const DETAILED_MAX_LENGTH = 2_000;

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
 * Returns a status with the details of google.rpc (AIP-193): a reason for programs, in capitals,
 * and its facts.
 */
export function refusal(
  code: Status,
  reason: string,
  message: string,
  facts: Readonly<Record<string, string>> = {},
): ServerError {
  if (message.length > DETAILED_MAX_LENGTH) return new ServerError(code, message);
  return new RichServerError(code, message, [ErrorInfo.fromPartial({ reason, domain: DOMAIN, metadata: facts })]);
}

/**
 * Maps a known error to a status. UNAVAILABLE and an OverloadStatus invite a repeat of the call.
 * Returns an unknown error unchanged.
 */
export function statusError(error: unknown): unknown {
  if (error instanceof OverloadedError) return new OverloadStatus(error.message, error.retryAfterMs);
  const [, code, reason] = STATUSES.find(([type]) => error instanceof type) ?? [];
  if (code === undefined || reason === undefined) return error;
  return refusal(code, reason, (error as Error).message);
}

/** Maps a rejection to a status after which the caller does not repeat the call. */
export function rejectionError(rejection: Rejection): ServerError {
  if (rejection.code === "VALUES_INVALID") return refusal(Status.INVALID_ARGUMENT, rejection.code, rejection.problems);
  const { code: reason, ...facts } = rejection;
  const texts = Object.entries(facts).map(([name, value]) => [name, String(value)]);
  return refusal(Status.FAILED_PRECONDITION, reason, describeRejection(rejection), Object.fromEntries(texts));
}

/** Returns DATA_LOSS for a study that is set aside. */
export function setAsideError({ studyId, reason, advice }: DamagedStudy): ServerError {
  const message = `Study ${studyId} is set aside. ${reason} ${advice}`;
  return refusal(Status.DATA_LOSS, "STUDY_SET_ASIDE", message, { studyId });
}

/** Returns NOT_FOUND for a named thing, such as "Study mnist-1". */
export function notFound(what: string): ServerError {
  return refusal(Status.NOT_FOUND, "UNKNOWN_NAME", `${what} does not exist.`, { name: what });
}

/** Returns INVALID_ARGUMENT. */
export function invalidArgument(message: string): ServerError {
  return refusal(Status.INVALID_ARGUMENT, "FIELD_INVALID", message);
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
    case "BUDGET_SPENT":
      return `All ${rejection.maxTrials} trials of the budget have their values: extend the budget first.`;
    case "STUDY_STOPPING":
      return "The study stops after its running trials, and no other begins.";
    case "SEARCH_ENDED":
      return "The search has ended, and the best trials are executed again: no other trial follows.";
    case "STUDY_NOT_ACTIVE":
      return `The study is ${rejection.status}, and only an active study can be changed so.`;
    case "STUDY_OPEN":
      return `The study is ${rejection.status} and has not ended.`;
    case "CHECKPOINT_UNKNOWN":
      return `The trial has no checkpoint ${rejection.sha256}.`;
  }
}
