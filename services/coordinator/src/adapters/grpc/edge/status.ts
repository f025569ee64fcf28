// Maps every known error to a gRPC status.

import { OverloadStatus } from "@sintonia/runtime/grpc/pushback";
import { ServerError, Status } from "nice-grpc-common";
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

/**
 * Maps a known error to a status. UNAVAILABLE and an OverloadStatus invite a repeat of the call.
 * Returns an unknown error unchanged.
 */
export function statusError(error: unknown): unknown {
  if (error instanceof OverloadedError) return new OverloadStatus(error.message, error.retryAfterMs);
  if (error instanceof TooManyQuestionsError) return new ServerError(Status.RESOURCE_EXHAUSTED, error.message);
  if (error instanceof QuestionDeadlineError) return new ServerError(Status.DEADLINE_EXCEEDED, error.message);
  if (error instanceof StoreUnavailableError) return new ServerError(Status.UNAVAILABLE, error.message);
  if (error instanceof AnotherWriterError) return new ServerError(Status.UNAVAILABLE, error.message);
  if (error instanceof UnexplainedTrialError) return new ServerError(Status.FAILED_PRECONDITION, error.message);
  if (error instanceof UndecidableInputError) return new ServerError(Status.FAILED_PRECONDITION, error.message);
  if (error instanceof RecordTooLargeError) return new ServerError(Status.RESOURCE_EXHAUSTED, error.message);
  if (error instanceof DamagedLogError) return new ServerError(Status.DATA_LOSS, error.message);
  if (error instanceof StudyExistsError) return new ServerError(Status.ALREADY_EXISTS, error.message);
  if (error instanceof OpenStudyError) return new ServerError(Status.FAILED_PRECONDITION, error.message);
  if (error instanceof ArtifactMismatchError) return new ServerError(Status.DATA_LOSS, error.message);
  if (error instanceof ForeignCheckpointError) return new ServerError(Status.FAILED_PRECONDITION, error.message);
  if (error instanceof NoRoomError) return new ServerError(Status.RESOURCE_EXHAUSTED, error.message);
  if (error instanceof OffsetError) return new ServerError(Status.OUT_OF_RANGE, error.message);
  if (error instanceof ArtifactMissingError) return new ServerError(Status.NOT_FOUND, error.message);
  return error;
}

/** Maps a rejection to a status after which the caller does not repeat the call. */
export function rejectionError(rejection: Rejection): ServerError {
  const code = rejection.code === "VALUES_INVALID" ? Status.INVALID_ARGUMENT : Status.FAILED_PRECONDITION;
  return new ServerError(code, describeRejection(rejection));
}

/** Returns DATA_LOSS for a study that is set aside. */
export function setAsideError({ studyId, reason, advice }: DamagedStudy): ServerError {
  return new ServerError(Status.DATA_LOSS, `Study ${studyId} is set aside. ${reason} ${advice}`);
}

/** Returns NOT_FOUND for a named thing, such as "Study mnist-1". */
export function notFound(what: string): ServerError {
  return new ServerError(Status.NOT_FOUND, `${what} does not exist.`);
}

/** Returns INVALID_ARGUMENT. */
export function invalidArgument(message: string): ServerError {
  return new ServerError(Status.INVALID_ARGUMENT, message);
}

function describeRejection(rejection: Rejection): string {
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
    case "VALUES_INVALID":
      return rejection.problems;
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
