// The calls by which persons steer studies and trials that have not ended.

import type { AdminServiceImplementation, CancelTrialRequest } from "@sintonia/proto/sintonia/v1/admin";
import type { Study as StudyMessage, Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import type { CancelTrial, PauseStudy, ResumeStudy, StopStudy } from "../../core/boundary/input.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { explanation } from "./edge/fields.js";
import { invalidArgument, rejectionError, statusError } from "./edge/status.js";
import { studyMessage, trialMessage } from "./study-messages.js";
import { requireStudy, requireTrial } from "./study-reading.js";

type Steering = "stopStudy" | "pauseStudy" | "resumeStudy" | "cancelTrial";

/** Implements the calls that steer. */
export function steering(coordinator: Coordinator): Pick<AdminServiceImplementation, Steering> {
  return {
    stopStudy: ({ studyId, reason }) => {
      return steerStudy(coordinator, studyId, {
        type: "stop-study",
        reason: explanation(reason) || "Stopped by request.",
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
  };
}

/** Submits the wish of a person about a study, and returns the study after it. */
async function steerStudy(
  coordinator: Coordinator,
  studyId: string,
  input: StopStudy | PauseStudy | ResumeStudy,
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
  const { id, tests } = requireTrial(requireStudy(coordinator, studyId), trialId);
  if (tests !== undefined) throw invalidArgument(`trial_id: ${id} is no trial; StopStudy ends the test run.`);
  const line = explanation(reason) || "Cancelled by request.";
  await submit(coordinator, studyId, { type: "cancel-trial", trialId: id, reason: line });
  const study = requireStudy(coordinator, studyId);
  return { trial: trialMessage(study, requireTrial(study, id), coordinator.standing(study).trainers) };
}

async function submit(
  coordinator: Coordinator,
  studyId: string,
  input: StopStudy | PauseStudy | ResumeStudy | CancelTrial,
): Promise<void> {
  const answer = await coordinator.submit(studyId, input).catch((error) => {
    throw statusError(error);
  });
  if (answer?.kind === "rejected") throw rejectionError(answer.rejection);
}
