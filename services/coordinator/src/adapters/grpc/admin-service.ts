// The calls of persons: those that read, that steer, and that create, delete and import studies.

import {
  type AdminServiceImplementation,
  type CreateStudyResponse,
  type DeleteStudyResponse,
  Role,
} from "@sintonia/proto/sintonia/v1/admin";
import type * as protocol from "@sintonia/protocol/caller";
import { STUDY_ID, type StudyId } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import type { CallerContext } from "@sintonia/runtime/grpc/security/authentication";
import type { SpecResult } from "@sintonia/tuning/spec/check/parse";
import { Status } from "nice-grpc-common";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { FileStore } from "../../ports/file-store.js";
import type { TrialOutputs } from "../../shell/output/trial-outputs.js";
import type { Coordinator } from "../../shell/running/coordinator.js";
import { requireBytes, requireName } from "./edge/fields.js";
import { requireStoredFiles } from "./edge/spec-files.js";
import { invalidSpec, notFound, setAsideError, statusError } from "./edge/status.js";
import { studyMessage } from "./messages/study-messages.js";
import { requireRoom } from "./open-studies.js";
import { studyReading } from "./reading/study-reading.js";
import { steering } from "./steering.js";
import { trainerCalls } from "./trainers/trainer-calls.js";
import { presenceOf, receiveFile } from "./transfer/file-transfer.js";
import { importStudy } from "./transfer/study-import.js";

/** The dependencies of the admin service. */
export interface AdminServiceContext {
  readonly coordinator: Coordinator;
  readonly artifacts: ArtifactStore;
  readonly files: FileStore;
  readonly outputs: TrialOutputs;
  /** Parses a study spec as `parseStudySpec` does, in another thread. */
  readonly readSpec: (text: string) => Promise<SpecResult>;
}

/** Size limit of the text of a spec. */
const SPEC_MAX_BYTES = 256 * 1024;

/**
 * Size limit of a spec as the log stores it, in bytes. Its record then fits into a NATS message,
 * and its study into a gRPC message.
 */
const SPEC_STORED_MAX_BYTES = 768 * 1024;

const ROLES: Readonly<Record<protocol.Role, Role>> = {
  operator: Role.OPERATOR,
  viewer: Role.VIEWER,
  trainer: Role.TRAINER,
};

/** Implements the admin service. */
export function adminService(context: AdminServiceContext): AdminServiceImplementation<CallerContext> {
  const { coordinator, artifacts, files, outputs } = context;
  return {
    ...studyReading({ studies: coordinator, artifacts, outputs }),
    ...trainerCalls(coordinator),
    getCaller: async (_, { caller: { name, role } }) => ({ name, role: ROLES[role] }),
    hasFiles: ({ files: asked }) => presenceOf(files, asked),
    uploadFile: (parts, { signal }) => receiveFile(files, parts, signal),
    createStudy: ({ spec, studyId }) => createStudy(context, spec, studyId),
    ...steering(coordinator, artifacts),
    importStudy: async (parts, { signal }) => {
      const { study, existed } = await importStudy(context, parts, signal);
      return { study: studyMessage(study, coordinator.standing(study)), existed };
    },
    deleteStudy: ({ studyId, cancel }) => deleteStudy(coordinator, requireName(STUDY_ID, studyId, "study_id"), cancel),
  };
}

async function createStudy(context: AdminServiceContext, text: string, wantedId: string): Promise<CreateStudyResponse> {
  const { coordinator, readSpec, files } = context;
  const studyId = wantedId === "" ? undefined : requireName(STUDY_ID, wantedId, "study_id");
  requireBytes(text, SPEC_MAX_BYTES, "spec");
  const parsed = await readSpec(text).catch((error) => {
    throw statusError(error);
  });
  if (!parsed.ok) throw invalidSpec(parsed.problems);
  requireBytes(JSON.stringify(parsed.spec), SPEC_STORED_MAX_BYTES, "spec, with its aliases and defaults written out,");
  await requireStoredFiles(files, parsed.spec).catch((error) => {
    throw statusError(error);
  });
  if (studyId === undefined || coordinator.study(studyId) === undefined) requireRoom(coordinator);
  if (studyId !== undefined) await forgetFormerStudy(context, studyId);
  const creation = await coordinator.create(parsed.spec, studyId).catch((error) => {
    throw statusError(error);
  });
  if (creation.kind === "damaged") throw setAsideError(creation.damaged);
  if (creation.kind === "conflict") {
    const message = `Study ${studyId} exists with another spec. Differences: ${creation.differences}.`;
    throw refusal(Status.ALREADY_EXISTS, message, { reason: "STUDY_EXISTS", facts: { studyId: studyId ?? "" } });
  }
  const { study, kind } = creation;
  return { study: studyMessage(study, coordinator.standing(study)), existed: kind === "existed" };
}

async function deleteStudy(coordinator: Coordinator, studyId: StudyId, cancels: boolean): Promise<DeleteStudyResponse> {
  const deletion = await coordinator.delete(studyId, cancels).catch((error) => {
    throw statusError(error);
  });
  if (deletion.kind === "unknown") throw notFound({ type: "study", name: studyId });
  if (deletion.kind === "deleted") return { deletedAt: new Date(deletion.deleted.at) };
  const message = `Study ${studyId} is ${deletion.study.status}: wait for its end, stop it, or cancel it to delete it.`;
  throw refusal(Status.FAILED_PRECONDITION, message, {
    reason: "STUDY_OPEN",
    facts: { status: deletion.study.status },
  });
}

/** Deletes the output of a former study, if no study has this id at present. */
async function forgetFormerStudy({ coordinator, outputs }: AdminServiceContext, studyId: StudyId): Promise<void> {
  const isPresent = coordinator.study(studyId) !== undefined || coordinator.damagedStudy(studyId) !== undefined;
  if (!isPresent) await outputs.forget(studyId);
}
