// The calls of persons that read: studies, trials, explanations, artifacts and logs.

import { setImmediate } from "node:timers/promises";
import type {
  AdminServiceImplementation,
  DownloadArtifactResponse,
  ExplainTrialResponse,
  ListCurvesRequest,
  ListCurvesResponse,
  ListStudiesRequest,
  ListStudiesResponse,
  ListTrialsRequest,
  ListTrialsResponse,
  ReadOutputRequest,
  ReadOutputResponse,
  ReadStudyLogResponse,
  SetAsideStudy,
  WatchStudyResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Study as StudyMessage, Trial as TrialMessage } from "@sintonia/proto/sintonia/v1/study";
import { SHA256 } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { Status } from "nice-grpc-common";
import { namedArtifacts } from "../../../core/query/named-content.js";
import { bestTrial } from "../../../core/query/objective.js";
import type { Study, Trial } from "../../../core/state/study.js";
import type { ArtifactStore } from "../../../ports/artifact-store.js";
import { LoggedEvents } from "../../../shell/logged-events.js";
import type { TrialOutputs } from "../../../shell/output/trial-outputs.js";
import type { Studies } from "../../../shell/studies.js";
import { UnexplainedTrialError } from "../../../shell/trial-explanation.js";
import { invalidPageToken, requireName } from "../edge/fields.js";
import { notFound, statusError } from "../edge/status.js";
import { explanationMessage, importanceMessage } from "../messages/explanation-messages.js";
import { artifactMessage, studyMessage, trialMessage } from "../messages/study-messages.js";
import { sendOutput } from "../transfer/output-transfer.js";
import { curvePage } from "./curve-pages.js";
import { listEvents } from "./event-reading.js";
import { noCompletedTrial, requireStudy, requireTrial } from "./named-things.js";
import { studyPage, studyPlace } from "./study-pages.js";
import { getSurrogate } from "./surrogate-reading.js";
import { type ListedTrials, measuredPage, pageToken, positionOf, trialPage, trialPages } from "./trial-pages.js";

/** The dependencies of the calls that read. */
export interface StudyReadingContext {
  readonly studies: Studies;
  readonly artifacts: Pick<ArtifactStore, "open">;
  readonly outputs: Pick<TrialOutputs, "attemptOf" | "read">;
}

/** The calls that change something or prepare a change, and those about trainers. */
type NotOfStudies =
  | "getCaller"
  | "createStudy"
  | "stopStudy"
  | "pauseStudy"
  | "resumeStudy"
  | "cancelTrial"
  | "enqueueTrial"
  | "retryTrial"
  | "extendStudy"
  | "deleteStudy"
  | "importStudy"
  | "hasFiles"
  | "uploadFile"
  | "listTrainers"
  | "cordonTrainer"
  | "drainTrainer"
  | "uncordonTrainer";

/** The calls that only read studies. */
export type StudyReading = Omit<AdminServiceImplementation, NotOfStudies>;

/** Limit of the listed studies that are set aside. */
const SET_ASIDE_MAX = 1_000;

const CHUNK_MAX_BYTES = 256 * 1024;

/** Implements the calls that read. */
export function studyReading(context: StudyReadingContext): StudyReading {
  const { studies } = context;
  const events = new LoggedEvents(studies);
  return {
    getStudy: async ({ studyId }) => ({ study: message(studies, requireStudy(studies, studyId)) }),
    listStudies: async (request) => listStudies(studies, request),
    listTrials: async (request) => listTrials(studies, request),
    watchStudy: ({ studyId }, { signal }) => watchStudy(studies, studyId, signal),
    getBestTrial: async ({ studyId }) => {
      const study = requireStudy(studies, studyId);
      const best = bestTrial(study);
      if (best?.weights === undefined) throw noCompletedTrial(study);
      return { trial: firstMeasurements(listed(studies, study, [best])), weights: artifactMessage(best.weights) };
    },
    explainTrial: ({ studyId, trialId }) => explainTrial(studies, studyId, trialId),
    getImportance: async ({ studyId, wholeSpace }) => {
      const importance = await studies.importance(requireStudy(studies, studyId), { wholeSpace }).catch((error) => {
        throw statusError(error);
      });
      if (importance !== undefined) return importanceMessage(importance);
      const message = `Study ${studyId} has too few completed trials, or no parameter that varies.`;
      throw refusal(Status.FAILED_PRECONDITION, message, { reason: "IMPORTANCE_UNDETERMINED", facts: { studyId } });
    },
    listCurves: async (request) => listCurves(studies, request),
    getSurrogate: (request) => getSurrogate(studies, request),
    listEvents: (request) => listEvents({ studies, events }, request),
    downloadArtifact: ({ studyId, sha256 }) => downloadArtifact(context, studyId, sha256),
    readStudyLog: ({ studyId }) => readStudyLog(studies, studyId),
    readOutput: (request, { signal }) => readOutput(context, request, signal),
  };
}

function message(studies: Studies, study: Study): StudyMessage {
  return studyMessage(study, studies.standing(study));
}

function listStudies(studies: Studies, { pageSize, pageToken }: ListStudiesRequest): ListStudiesResponse {
  const after = studyPlace(pageToken);
  if (after === undefined && pageToken !== "") throw invalidPageToken(pageToken);
  const page = studyPage(studies.studies(), { pageSize, after }, (study) => message(studies, study));
  return { ...page, setAside: after === undefined ? setAsideStudies(studies) : [] };
}

function setAsideStudies(studies: Studies): SetAsideStudy[] {
  const listed = studies.damagedStudies().slice(0, SET_ASIDE_MAX);
  return listed.map(({ studyId, reason, advice }) => ({ id: studyId, reason, advice }));
}

function listTrials(studies: Studies, request: ListTrialsRequest): ListTrialsResponse {
  const study = requireStudy(studies, request.studyId);
  const position = positionOf(request.pageToken);
  if (position === undefined) throw invalidPageToken(request.pageToken);
  const pageOf = request.withMeasurements ? measuredPage : trialPage;
  const all = listed(studies, study, requestedTrials(study, request.trialId));
  const { trials, next } = pageOf(request.pageSize === 0 ? all : { ...all, pageSize: request.pageSize }, position);
  return { trials, nextPageToken: next === undefined ? "" : pageToken(next) };
}

function listCurves(studies: Studies, request: ListCurvesRequest): ListCurvesResponse {
  const study = requireStudy(studies, request.studyId);
  const start = positionOf(request.pageToken);
  if (start === undefined) throw invalidPageToken(request.pageToken);
  const { curves, next } = curvePage(study, requestedTrials(study, request.trialId), { start, request });
  return { curves, nextPageToken: next === undefined ? "" : pageToken(next) };
}

/** Returns a trial with the measurements that fit into a message. */
function firstMeasurements(trials: ListedTrials): TrialMessage | undefined {
  return measuredPage(trials, { trial: 0, measurement: 0 }).trials[0];
}

function listed(studies: Studies, study: Study, trials: readonly Trial[]): ListedTrials {
  return { study, trials, trainers: studies.standing(study).trainers };
}

function requestedTrials(study: Study, trialId: string): readonly Trial[] {
  if (trialId === "") return study.trials;
  return [requireTrial(study, trialId)];
}

async function explainTrial(studies: Studies, studyId: string, trialId: string): Promise<ExplainTrialResponse> {
  const study = requireStudy(studies, studyId);
  const trial = requireTrial(study, trialId);
  if (trial.tests !== undefined) throw statusError(new UnexplainedTrialError(untold(trial.tests)));
  const explained = await studies.explain(studyId, trial.id).catch((error) => {
    throw statusError(error);
  });
  return {
    trial: trialMessage(study, trial, studies.standing(study).trainers),
    ...explanationMessage(study.spec, explained),
  };
}

function untold(tested: string): string {
  return `No oracle suggested the values of the test run: they are those of trial ${tested}.`;
}

async function* watchStudy(studies: Studies, studyId: string, signal: AbortSignal): AsyncGenerator<WatchStudyResponse> {
  requireStudy(studies, studyId);
  let isFirst = true;
  for await (const { study, changedTrialIds } of studies.watch(studyId, signal) ?? []) {
    const changed = study.trials.filter((trial) => changedTrialIds.has(trial.id));
    for (const { trials, next } of trialPages(listed(studies, study, changed))) {
      // Only the first update has the spec: every epoch is an update, and a spec may have hundreds
      // of kilobytes.
      const whole = message(studies, study);
      yield {
        study: isFirst ? whole : { ...whole, specJson: "" },
        trials,
        trainerCount: studies.trainerCount(),
        moreTrials: next !== undefined,
      };
      isFirst = false;
      if (next !== undefined) await setImmediate();
    }
  }
}

async function* downloadArtifact(
  { studies, artifacts }: StudyReadingContext,
  studyId: string,
  text: string,
): AsyncGenerator<DownloadArtifactResponse> {
  const study = requireStudy(studies, studyId);
  const sha256 = requireName(SHA256, text, "sha256");
  if (!namedArtifacts(study).some((artifact) => artifact.sha256 === sha256))
    throw notFound({ type: "artifact", name: sha256, owner: `study ${studyId}` });
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

async function* readStudyLog(studies: Studies, studyId: string): AsyncGenerator<ReadStudyLogResponse> {
  if (studies.damagedStudy(studyId) === undefined) requireStudy(studies, studyId);
  try {
    for await (const { body } of studies.records(studyId)) yield { record: Buffer.from(body) };
  } catch (error) {
    throw statusError(error);
  }
}

async function* readOutput(
  { studies, outputs }: StudyReadingContext,
  request: ReadOutputRequest,
  signal: AbortSignal,
): AsyncGenerator<ReadOutputResponse> {
  const study = requireStudy(studies, request.studyId);
  yield* sendOutput(outputs, { study, trial: requireTrial(study, request.trialId) }, { request, signal });
}
