// The calls of persons: those that read, and those that create and stop studies.

import type { AdminServiceImplementation, CreateStudyResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { SpecResult } from "@sintonia/tuning/spec/check/parse";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import { ServerError, Status } from "nice-grpc-common";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Coordinator } from "../../shell/coordinator.js";
import { invalidArgument, statusError } from "./status.js";
import { studyMessage } from "./study-messages.js";
import { requireStudy, studyReading } from "./study-reading.js";

/** The dependencies of the admin service. */
export interface AdminServiceContext {
  readonly coordinator: Coordinator;
  readonly artifacts: ArtifactStore;
  /** Parses a study spec as `parseStudySpec` does, in another thread. */
  readonly readSpec: (text: string) => Promise<SpecResult>;
}

const STUDY_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const REASON_MAX_LENGTH = 1_000;

/** Implements the admin service. */
export function adminService(context: AdminServiceContext): AdminServiceImplementation {
  const { coordinator, artifacts } = context;
  return {
    ...studyReading({ studies: coordinator, artifacts }),
    createStudy: ({ spec, studyId }) => createStudy(context, spec, studyId),
    stopStudy: async ({ studyId, reason }) => {
      requireStudy(coordinator, studyId);
      const line = reason.slice(0, REASON_MAX_LENGTH) || "Stopped by request.";
      await coordinator.submit(studyId, { type: "stop-study", reason: line }).catch((error) => {
        throw statusError(error);
      });
      const study = requireStudy(coordinator, studyId);
      return { study: studyMessage(study, coordinator.standing(study)) };
    },
  };
}

async function createStudy(
  { coordinator, readSpec }: AdminServiceContext,
  text: string,
  studyId: string,
): Promise<CreateStudyResponse> {
  if (studyId !== "" && !STUDY_ID.test(studyId)) {
    throw invalidArgument(`study_id "${studyId}" must be 1 to 63 lower-case letters, digits and hyphens.`);
  }
  const parsed = await readSpec(text);
  if (!parsed.ok) throw invalidArgument(formatProblems(parsed.problems));
  const creation = await coordinator.create(parsed.spec, studyId === "" ? undefined : studyId).catch((error) => {
    throw statusError(error);
  });
  if (creation.kind === "conflict") {
    const differences = creation.differences.join(", ");
    throw new ServerError(
      Status.ALREADY_EXISTS,
      `Study ${studyId} exists with another spec. Differences: ${differences}.`,
    );
  }
  const { study, kind } = creation;
  return { study: studyMessage(study, coordinator.standing(study)), existed: kind === "existed" };
}
