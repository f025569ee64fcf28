// The calls of the admin API that the page makes.

import {
  CordonTrainerResponse,
  DrainTrainerResponse,
  EnqueueTrialResponse,
  ExplainTrialResponse,
  type ExtendStudyRequest,
  GetCallerResponse,
  GetImportanceResponse,
  GetStudyResponse,
  GetSurrogateResponse,
  ListCurvesResponse,
  ListEventsResponse,
  ListStudiesResponse,
  ListTrainersResponse,
  ListTrialsResponse,
  RetryTrialResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import type { ParameterValue, Study, Trial } from "@sintonia/proto/sintonia/v1/study";
import { ParameterValue as ParameterValueMessage } from "@sintonia/proto/sintonia/v1/study";
import { type Answer, failure, read, success } from "./answer.js";
import { pathOf, type Query, type Transport } from "./transport.js";

/** New limits of a study; an absent one stays as it is. */
export type LargerLimits = Partial<Omit<ExtendStudyRequest, "studyId">>;

/** Reads and changes studies. */
export type Client = ReturnType<typeof clientOf>;

/** Returns the calls over a transport. */
export function clientOf(transport: Transport) {
  return { ...reads(transport), ...changes(transport), address: transport.address };
}

function reads(transport: Transport) {
  const get = async <T>(path: string, reader: (value: unknown) => T, query?: Query): Promise<Answer<T>> =>
    read(await transport.get(path, query), reader);
  return {
    /** Returns the reader's name and role. */
    caller: () => get("/caller", GetCallerResponse.fromJSON),
    /** Returns a page of studies, oldest first. */
    studies: (pageToken = "") => get("/studies", ListStudiesResponse.fromJSON, { pageToken }),
    /** Returns one study. */
    study: async (study: string): Promise<Answer<Study>> =>
      present(await get(pathOf("studies", study), (value) => GetStudyResponse.fromJSON(value).study), study),
    /** Returns a page of the trials of a study. */
    trials: async (study: string, query: { pageToken?: string; trialId?: string; withMeasurements?: boolean }) => {
      const answer = await get(pathOf("studies", study, "trials"), ListTrialsResponse.fromJSON, query);
      return read(answer, (page) => ({ ...page, trials: page.trials.filter(({ id }) => isAsked(query, id)) }));
    },
    /** Returns a page of learning curves. */
    curves: async (
      study: string,
      query: { metric?: string; trialId?: string; maxPoints?: number; pageToken?: string },
    ) => {
      const answer = await get(pathOf("studies", study, "curves"), ListCurvesResponse.fromJSON, query);
      return read(answer, (page) => ({
        ...page,
        curves: page.curves.filter(({ trialId }) => isAsked(query, trialId)),
      }));
    },
    /** Returns the surrogate along one parameter, or over two. */
    surrogate: (study: string, query: { parameter: string; secondParameter?: string; trialId?: string }) =>
      get(pathOf("studies", study, "surrogate"), GetSurrogateResponse.fromJSON, query),
    /** Returns a page of the events of a study. */
    events: async (study: string, query: { trialId?: string; afterSequence?: number; withEpochs?: boolean }) => {
      const answer = await get(pathOf("studies", study, "events"), ListEventsResponse.fromJSON, query);
      return read(answer, (page) => ({
        ...page,
        events: page.events.filter(({ trialId }) => isAsked(query, trialId)),
      }));
    },
    /** Returns the importance of the parameters. */
    importance: (study: string, wholeSpace: boolean) =>
      get(pathOf("studies", study, "importance"), GetImportanceResponse.fromJSON, {
        wholeSpace: wholeSpace || undefined,
      }),
    /** Returns the reasons for the values of a trial. */
    explanation: (study: string, trial: string) =>
      get(pathOf("studies", study, "trials", trial, "explanation"), ExplainTrialResponse.fromJSON),
    /** Returns a page of trainers. */
    trainers: (pageToken = "") => get("/trainers", ListTrainersResponse.fromJSON, { pageToken }),
  };
}

function changes(transport: Transport) {
  const post = async <T>(path: string, body: unknown, reader: (value: unknown) => T): Promise<Answer<T>> =>
    read(await transport.post(path, body), reader);
  const nothing = (): undefined => undefined;
  const study = (id: string, verb: string, body: unknown) => post(`${pathOf("studies", id)}/${verb}`, body, nothing);
  return {
    pause: (id: string, reason: string) => study(id, "pause", { reason }),
    resume: (id: string) => study(id, "resume", {}),
    stop: (id: string, mode: "STOP_MODE_NOW" | "STOP_MODE_AFTER_RUNNING", reason: string) =>
      study(id, "stop", { mode, reason }),
    extend: (id: string, limits: LargerLimits) => study(id, "extend", limits),
    enqueue: (id: string, values: Readonly<Record<string, ParameterValue>>) =>
      post(`${pathOf("studies", id)}/trials`, { values: valuesJson(values) }, EnqueueTrialResponse.fromJSON),
    cancel: (id: string, trial: string, reason: string) =>
      post(`${pathOf("studies", id, "trials", trial)}/cancel`, { reason }, nothing),
    retry: (id: string, trial: string) =>
      post(`${pathOf("studies", id, "trials", trial)}/retry`, {}, RetryTrialResponse.fromJSON),
    cordon: (id: string, reason: string) =>
      post(`${pathOf("trainers", id)}/cordon`, { reason }, CordonTrainerResponse.fromJSON),
    drain: (id: string, reason: string) =>
      post(`${pathOf("trainers", id)}/drain`, { reason }, DrainTrainerResponse.fromJSON),
    uncordon: (id: string) => post(`${pathOf("trainers", id)}/uncordon`, {}, nothing),
  };
}

/** Reads every page of a list. Stops at the first fault. */
export async function allPages<Page extends { nextPageToken: string }, Item>(
  page: (token: string) => Promise<Answer<Page>>,
  items: (page: Page) => readonly Item[],
): Promise<Answer<Item[]>> {
  const all: Item[] = [];
  for (let token = ""; ; ) {
    const answer = await page(token);
    if (!answer.ok) return answer;
    all.push(...items(answer.value));
    token = answer.value.nextPageToken;
    if (token === "") return success(all);
  }
}

/** Returns all trials of a study, without measurements. */
export function allTrials(client: Pick<Client, "trials">, study: string): Promise<Answer<Trial[]>> {
  return allPages(
    (pageToken) => client.trials(study, { pageToken }),
    ({ trials }) => trials,
  );
}

/** Returns true for what a request asks for. A report answers with all trials. */
function isAsked({ trialId = "" }: { readonly trialId?: string }, id: string): boolean {
  return trialId === "" || trialId === id;
}

function valuesJson(values: Readonly<Record<string, ParameterValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, ParameterValueMessage.toJSON(value)]));
}

function present(answer: Answer<Study | undefined>, id: string): Answer<Study> {
  if (!answer.ok) return answer;
  return answer.value === undefined ? failure("NOT_FOUND", `no study ${id}`) : success(answer.value);
}
