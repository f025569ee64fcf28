// Reads what the pictures of a report show, as the answers of the page's API.

import { type Answers, curvesPath, studyPath, surrogatePath } from "@sintonia/page/report/document";
import {
  type AdminServiceClient,
  ExplainTrialResponse,
  GetBestTrialResponse,
  GetImportanceResponse,
  GetStudyResponse,
  GetSurrogateResponse,
  ListCurvesResponse,
  ListEventsResponse,
  ListTrialsResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import type { Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { ClientError, Status } from "nice-grpc-common";
import { allPages } from "../figures/pages.js";

/** Trials with an explanation: each is computed again by the oracle. The best one comes first. */
const EXPLAINED_MAX = 24;
/** Parameters with a slice, and the first of them with contours of each pair. */
const SLICED_MAX = 16;
const PAIRED_MAX = 3;
/** Points of all learning curves together: 10 bytes each in the file. */
const CURVE_POINTS_MAX = 200_000;
/** Points of one curve: more than a picture has pixels would not show. */
const POINTS_OF_CURVE_MAX = 400;
const POINTS_OF_CURVE_MIN = 10;
/** Metrics beside the objective whose curves a report has. */
const METRICS_MAX = 8;

/**
 * Reads what the pictures of a study show: its curves, its surrogate, its events, and the
 * explanations of its trials. Leaves out what the study does not have, for example a surrogate of
 * two trials.
 *
 * @param trials - all trials of the study
 */
export async function readAnswers(
  client: AdminServiceClient,
  study: Study,
  trials: readonly Trial[],
): Promise<Answers> {
  const path = studyPath(study.id);
  const answers: Record<string, unknown> = {
    [path]: GetStudyResponse.toJSON({ study }),
    [`${path}/trials`]: ListTrialsResponse.toJSON({ trials: [...trials], nextPageToken: "" }),
  };
  const request: Reading = { client, study, trials, answers };
  await readCurves(request);
  await readModel(request);
  await readEvents(request);
  await readExplanations(request);
  return answers;
}

interface Reading {
  readonly client: AdminServiceClient;
  readonly study: Study;
  readonly trials: readonly Trial[];
  /** Receives the answers. */
  readonly answers: Record<string, unknown>;
}

/** Reads the learning curves of the objective, and those of the other metrics. */
async function readCurves({ client, study, trials, answers }: Reading): Promise<void> {
  const names = new Set(trials.flatMap(({ latest }) => Object.keys(latest?.metrics ?? {})));
  names.delete(study.objectiveMetric);
  const metrics = ["", ...[...names].slice(0, METRICS_MAX)];
  const share = Math.floor(CURVE_POINTS_MAX / Math.max(1, trials.length * metrics.length));
  const maxPoints = Math.min(POINTS_OF_CURVE_MAX, Math.max(POINTS_OF_CURVE_MIN, share));
  for (const metric of metrics) {
    const curves = await allPages(async (pageToken) => {
      const page = await client.listCurves({ studyId: study.id, metric, maxPoints, pageToken });
      return { items: page.curves, nextPageToken: page.nextPageToken };
    });
    answers[curvesPath(study.id, metric)] = ListCurvesResponse.toJSON({ curves, nextPageToken: "" });
  }
}

/** Reads what the surrogate says: importance, slices and contours. */
async function readModel({ client, study, answers }: Reading): Promise<void> {
  const studyId = study.id;
  const path = studyPath(studyId);
  const importance = await unlessMissing(client.getImportance({ studyId }));
  if (importance !== undefined) answers[`${path}/importance`] = GetImportanceResponse.toJSON(importance);
  const best = await unlessMissing(client.getBestTrial({ studyId }));
  if (best !== undefined) answers[`${path}/best`] = GetBestTrialResponse.toJSON(best);
  const names = importance?.parameters.map(({ parameter }) => parameter) ?? parametersOf(study);
  for (const parameter of names.slice(0, SLICED_MAX)) {
    const slice = await unlessMissing(client.getSurrogate({ studyId, parameter }));
    if (slice !== undefined) answers[surrogatePath(studyId, parameter)] = GetSurrogateResponse.toJSON(slice);
  }
  for (const [parameter, second] of pairsOf(names.slice(0, PAIRED_MAX))) {
    const contour = await unlessMissing(client.getSurrogate({ studyId, parameter, secondParameter: second }));
    if (contour !== undefined)
      answers[surrogatePath(studyId, parameter, second)] = GetSurrogateResponse.toJSON(contour);
  }
}

async function readEvents({ client, study, answers }: Reading): Promise<void> {
  const events = await allPages(async (pageToken) => {
    const page = await client.listEvents({ studyId: study.id, afterSequence: Number(pageToken || 0) });
    return { items: page.events, nextPageToken: page.more ? String(page.lastSequence) : "" };
  });
  const lastSequence = events.at(-1)?.sequence ?? 0;
  answers[`${studyPath(study.id)}/events`] = ListEventsResponse.toJSON({ events, lastSequence, more: false });
}

async function readExplanations({ client, study, trials, answers }: Reading): Promise<void> {
  const best = trials.filter(({ id }) => id === study.bestTrialId);
  const explained = [...new Set([...best, ...trials])].slice(0, EXPLAINED_MAX);
  for (const { id } of explained) {
    const explanation = await unlessMissing(client.explainTrial({ studyId: study.id, trialId: id }));
    if (explanation === undefined) continue;
    answers[`${studyPath(study.id)}/trials/${id}/explanation`] = ExplainTrialResponse.toJSON(explanation);
  }
}

/** The codes with which a study refuses what it does not have. */
const MISSING: readonly Status[] = [Status.FAILED_PRECONDITION, Status.NOT_FOUND, Status.UNIMPLEMENTED];

/** Returns the answer; undefined if the study does not have it. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ClientError && MISSING.includes(error.code)) return undefined;
    throw error;
  }
}

function parametersOf({ specJson }: Study): readonly string[] {
  return Object.keys((JSON.parse(specJson) as { readonly parameters: object }).parameters);
}

function pairsOf(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.flatMap((first, index) => names.slice(index + 1).map((second) => [first, second] as const));
}
