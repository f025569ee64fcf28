// The calls of persons: studies, trials, explanations and artifacts.

import { setImmediate } from "node:timers/promises";
import type {
  AdminServiceImplementation,
  CreateStudyResponse,
  DownloadArtifactResponse,
  ExplainTrialResponse,
  ListTrialsRequest,
  ListTrialsResponse,
  WatchStudyResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import type { SpecResult } from "@sintonia/tuning/spec/check/parse";
import { formatProblems } from "@sintonia/tuning/validation/problems";
import { ServerError, Status } from "nice-grpc";
import { bestTrial } from "../../core/query/objective.js";
import { findTrialByNumber, type Study } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { Coordinator } from "../../shell/coordinator.js";
import { explanationMessage, importanceMessage } from "./explanation-messages.js";
import { invalidArgument, notFound, statusError } from "./status.js";
import { artifactMessage, studyMessage, trialMessage } from "./study-messages.js";
import { trialPage, trialPages } from "./trial-pages.js";

/** The dependencies of the admin service. */
export interface AdminServiceContext {
  readonly coordinator: Coordinator;
  readonly artifacts: ArtifactStore;
  /** Parses a study spec as `parseStudySpec` does, in another thread. */
  readonly readSpec: (text: string) => Promise<SpecResult>;
}

const STUDY_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const REASON_MAX_LENGTH = 1_000;
const CHUNK_MAX_BYTES = 256 * 1024;

/** Implements the admin service. */
export function adminService(context: AdminServiceContext): AdminServiceImplementation {
  const { coordinator } = context;
  return {
    createStudy: ({ spec, studyId }) => createStudy(context, spec, studyId),
    getStudy: async ({ studyId }) => ({ study: studyMessage(requireStudy(coordinator, studyId)) }),
    listStudies: async () => ({ studies: coordinator.studies().map(studyMessage) }),
    listTrials: async (request) => listTrials(requireStudy(coordinator, request.studyId), request),
    watchStudy: ({ studyId }, { signal }) => watchStudy(coordinator, studyId, signal),
    stopStudy: async ({ studyId, reason }) => {
      requireStudy(coordinator, studyId);
      const line = reason.slice(0, REASON_MAX_LENGTH) || "Stopped by request.";
      await coordinator.submit(studyId, { type: "stop-study", reason: line }).catch((error) => {
        throw statusError(error);
      });
      return { study: studyMessage(requireStudy(coordinator, studyId)) };
    },
    getBestTrial: async ({ studyId }) => {
      const study = requireStudy(coordinator, studyId);
      const best = bestTrial(study);
      if (best?.weights === undefined) throw notFound(`A completed trial of study ${studyId}`);
      return { trial: trialMessage(study, best, true), weights: artifactMessage(best.weights) };
    },
    explainTrial: ({ studyId, trialId }) => explainTrial(coordinator, studyId, trialId),
    getImportance: async ({ studyId, wholeSpace }) => {
      const importance = await coordinator.importance(requireStudy(coordinator, studyId), { wholeSpace });
      if (importance !== undefined) return importanceMessage(importance);
      const message = `Study ${studyId} has too few completed trials, or no parameter that varies.`;
      throw new ServerError(Status.FAILED_PRECONDITION, message);
    },
    downloadArtifact: ({ studyId, sha256 }) => downloadArtifact(context, studyId, sha256),
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
  return { study: studyMessage(creation.study), existed: creation.kind === "existed" };
}

function listTrials(study: Study, { withMeasurements, pageToken }: ListTrialsRequest): ListTrialsResponse {
  const start = pageToken === "" ? 0 : Number(pageToken);
  if (!Number.isInteger(start) || start < 0) {
    throw invalidArgument(`page_token "${pageToken}" must be the next_page_token of an earlier response.`);
  }
  const { trials, next } = trialPage(study, study.trials, { start, withMeasurements });
  return { trials, nextPageToken: next === undefined ? "" : String(next) };
}

async function explainTrial(coordinator: Coordinator, studyId: string, trialId: string): Promise<ExplainTrialResponse> {
  const study = requireStudy(coordinator, studyId);
  const trial = findTrialByNumber(study, trialId);
  if (trial === undefined) throw unknownTrial(study, trialId);
  const explained = await coordinator.explain(studyId, trial.id).catch((error) => {
    throw statusError(error);
  });
  return { trial: trialMessage(study, trial, false), ...explanationMessage(study.spec, explained) };
}

async function* watchStudy(
  coordinator: Coordinator,
  studyId: string,
  signal: AbortSignal,
): AsyncGenerator<WatchStudyResponse> {
  requireStudy(coordinator, studyId);
  let isFirst = true;
  for await (const { study, changedTrialIds } of coordinator.watch(studyId, signal) ?? []) {
    const changed = study.trials.filter((trial) => changedTrialIds.has(trial.id));
    for (const { trials, next } of trialPages(study, changed, false)) {
      // Only the first update has the spec: every epoch is an update, and a spec may have hundreds
      // of kilobytes.
      const message = isFirst ? studyMessage(study) : { ...studyMessage(study), specJson: "" };
      yield { study: message, trials, trainerCount: coordinator.trainerCount(), moreTrials: next !== undefined };
      isFirst = false;
      if (next !== undefined) await setImmediate();
    }
  }
}

async function* downloadArtifact(
  { coordinator, artifacts }: AdminServiceContext,
  studyId: string,
  sha256: string,
): AsyncGenerator<DownloadArtifactResponse> {
  const study = requireStudy(coordinator, studyId);
  const known = [...study.models, ...study.trials.flatMap((trial) => trial.weights ?? [])];
  if (!known.some((artifact) => artifact.sha256 === sha256)) throw notFound(`Artifact ${sha256} of study ${studyId}`);
  try {
    for await (const bytes of artifacts.open(sha256)) {
      for (let start = 0; start < bytes.length; start += CHUNK_MAX_BYTES) {
        yield { chunk: Buffer.from(bytes.subarray(start, start + CHUNK_MAX_BYTES)) };
      }
    }
  } catch (error) {
    throw statusError(error);
  }
}

function requireStudy(coordinator: Coordinator, studyId: string): Study {
  const study = coordinator.study(studyId);
  if (study !== undefined) return study;
  const damaged = coordinator.damagedStudy(studyId);
  if (damaged !== undefined) throw new ServerError(Status.DATA_LOSS, damaged.reason);
  throw notFound(`Study ${studyId}`);
}

function unknownTrial({ id, trials }: Study, trialId: string): ServerError {
  const known =
    trials.length < 2
      ? `It has ${trials.length === 0 ? "no trial yet" : `one trial, ${trials[0]?.id}`}.`
      : `Its trials are ${trials[0]?.id} to ${trials.at(-1)?.id}.`;
  return new ServerError(Status.NOT_FOUND, `Study ${id} has no trial ${JSON.stringify(trialId)}. ${known}`);
}
