// The calls by which persons steer studies and trials that have not ended.

import {
  type AdminServiceImplementation,
  type CancelTrialRequest,
  type EnqueueTrialRequest,
  type EnqueueTrialResponse,
  StopMode,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Study as StudyMessage, Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { type ServerError, Status } from "nice-grpc-common";
import type { Answer } from "../../core/boundary/answer.js";
import type {
  CancelTrial,
  EnqueueTrial,
  ExtendStudy,
  PauseStudy,
  ResumeStudy,
  RetryTrial,
  StopStudy,
} from "../../core/boundary/input.js";
import { isOver, type Study, type Trial } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { explanation, requireLimits } from "./edge/fields.js";
import { invalidField, notFound, rejectionError, statusError } from "./edge/status.js";
import { studyMessage, trialMessage } from "./messages/study-messages.js";
import { requireRoom } from "./open-studies.js";
import { requireStudy, requireTrial } from "./reading/named-things.js";

/** The wish of a person about a study as a whole. */
type StudyWish = StopStudy | PauseStudy | ResumeStudy | ExtendStudy;

type Steering =
  | "stopStudy"
  | "pauseStudy"
  | "resumeStudy"
  | "cancelTrial"
  | "enqueueTrial"
  | "retryTrial"
  | "extendStudy";

/** Implements the calls that steer. */
export function steering(
  coordinator: Coordinator,
  artifacts: Pick<ArtifactStore, "sizeOf">,
): Pick<AdminServiceImplementation, Steering> {
  return {
    stopStudy: ({ studyId, reason, mode }) => {
      return steerStudy(coordinator, studyId, {
        type: "stop-study",
        reason: explanation(reason) || "Stopped by request.",
        afterRunning: mode === StopMode.AFTER_RUNNING,
      });
    },
    pauseStudy: ({ studyId, reason }) => {
      return steerStudy(coordinator, studyId, {
        type: "pause-study",
        reason: explanation(reason) || "Paused by request.",
      });
    },
    resumeStudy: ({ studyId }) => steerStudy(coordinator, studyId, { type: "resume-study" }),
    cancelTrial: (request) => cancelTrial(coordinator, request),
    enqueueTrial: ({ studyId, values }) => {
      return enqueue(coordinator, studyId, { type: "enqueue-trial", values: plainValues(values) });
    },
    extendStudy: async ({ studyId, ...limits }) => {
      const input = { type: "extend-study", limits: requireLimits(limits) } as const;
      await requireReopenable(coordinator, artifacts, requireStudy(coordinator, studyId));
      return await steerStudy(coordinator, studyId, input);
    },
    retryTrial: ({ studyId, trialId }) => {
      const { id } = requireOwnTrial(coordinator, studyId, trialId);
      return enqueue(coordinator, studyId, { type: "retry-trial", trialId: id });
    },
  };
}

/**
 * Refuses to extend an ended study of which no trial could be chosen any more, or for which there
 * is no room.
 */
async function requireReopenable(
  coordinator: Coordinator,
  artifacts: Pick<ArtifactStore, "sizeOf">,
  study: Study,
): Promise<void> {
  if (!isOver(study)) return;
  requireRoom(coordinator);
  for (const { sha256 } of study.trials.flatMap(({ weights }) => weights ?? [])) {
    const stored = await artifacts.sizeOf(sha256).catch((error) => {
      throw statusError(error);
    });
    if (stored === undefined) throw withoutWeights(study.id);
  }
}

function withoutWeights(studyId: string): ServerError {
  const message =
    `The weights of some trials of study ${studyId} are not stored, as after an import, so that none of these ` +
    "trials could become the best. Another study may begin with the results of this one.";
  return refusal(Status.FAILED_PRECONDITION, message, { reason: "WEIGHTS_MISSING", facts: { studyId } });
}

/** Submits the wish of a person about a study, and returns the study after it. */
async function steerStudy(
  coordinator: Coordinator,
  studyId: string,
  input: StudyWish,
): Promise<{ study: StudyMessage }> {
  requireStudy(coordinator, studyId);
  await submit(coordinator, studyId, input);
  const study = requireStudy(coordinator, studyId);
  return { study: studyMessage(study, coordinator.standing(study)) };
}

async function cancelTrial(
  coordinator: Coordinator,
  { studyId, trialId, reason }: CancelTrialRequest,
): Promise<{ trial: TrialMessage }> {
  const { id } = requireOwnTrial(coordinator, studyId, trialId);
  const line = explanation(reason) || "Cancelled by request.";
  await submit(coordinator, studyId, { type: "cancel-trial", trialId: id, reason: line });
  const study = requireStudy(coordinator, studyId);
  return { trial: trialMessage(study, requireTrial(study, id), coordinator.standing(study).trainers) };
}

/** Returns a trial of a study that is not its test run. */
function requireOwnTrial(coordinator: Coordinator, studyId: string, trialId: string): Trial {
  const trial = requireTrial(requireStudy(coordinator, studyId), trialId);
  if (trial.tests === undefined) return trial;
  throw invalidField("trial_id", `${trial.id} is the test run and no trial. StopStudy ends it.`);
}

async function enqueue(
  coordinator: Coordinator,
  studyId: string,
  input: EnqueueTrial | RetryTrial,
): Promise<EnqueueTrialResponse> {
  requireStudy(coordinator, studyId);
  const answer = await submit(coordinator, studyId, input);
  if (answer?.kind !== "enqueued") throw notFound({ type: "study", name: studyId });
  return { trialId: answer.trialId, existed: answer.existed };
}

function plainValues(values: EnqueueTrialRequest["values"]): EnqueueTrial["values"] {
  const given = Object.entries(values).flatMap(([name, { kind }]) => (kind === undefined ? [] : [[name, kind.value]]));
  return Object.fromEntries(given);
}

/** Submits the wish of a person. A study that was deleted meanwhile gives no answer. */
async function submit(
  coordinator: Coordinator,
  studyId: string,
  input: StudyWish | CancelTrial | EnqueueTrial | RetryTrial,
): Promise<Answer | undefined> {
  const answer = await coordinator.submit(studyId, input).catch((error) => {
    throw statusError(error);
  });
  if (answer?.kind === "rejected") throw rejectionError(answer.rejection);
  return answer;
}
