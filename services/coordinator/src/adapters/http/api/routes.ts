// The table of the HTTP API: each route is one call of the admin service. docs/page.md shows it.

import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";

/** Name of a call of the admin service in its definition, such as "getStudy". */
export type CallName = keyof typeof AdminServiceDefinition.methods;

/** A route of the API. */
export interface Route {
  readonly method: "GET" | "POST";
  /** Path below API_PREFIX. A segment with a colon stands for the request's field of that name. */
  readonly path: string;
  readonly call: CallName;
  /**
   * Form of the answer: one message as JSON, each message as an event, the output of a trial as
   * events or text, or the bytes of an artifact.
   * @default "message"
   */
  readonly answer?: "message" | "updates" | "output" | "bytes";
}

/** Beginning of the path of each route. */
export const API_PREFIX = "/api/v1";

/** Every route of the API. */
export const ROUTES: readonly Route[] = [
  { method: "GET", path: "/caller", call: "getCaller" },
  { method: "GET", path: "/studies", call: "listStudies" },
  { method: "POST", path: "/studies", call: "createStudy" },
  { method: "GET", path: "/studies/:studyId", call: "getStudy" },
  { method: "GET", path: "/studies/:studyId/watch", call: "watchStudy", answer: "updates" },
  { method: "GET", path: "/studies/:studyId/curves", call: "listCurves" },
  { method: "GET", path: "/studies/:studyId/surrogate", call: "getSurrogate" },
  { method: "GET", path: "/studies/:studyId/importance", call: "getImportance" },
  { method: "GET", path: "/studies/:studyId/events", call: "listEvents" },
  { method: "GET", path: "/studies/:studyId/best", call: "getBestTrial" },
  { method: "POST", path: "/studies/:studyId/pause", call: "pauseStudy" },
  { method: "POST", path: "/studies/:studyId/resume", call: "resumeStudy" },
  { method: "POST", path: "/studies/:studyId/stop", call: "stopStudy" },
  { method: "POST", path: "/studies/:studyId/extend", call: "extendStudy" },
  { method: "GET", path: "/studies/:studyId/artifacts/:sha256", call: "downloadArtifact", answer: "bytes" },
  { method: "GET", path: "/studies/:studyId/trials", call: "listTrials" },
  { method: "POST", path: "/studies/:studyId/trials", call: "enqueueTrial" },
  { method: "GET", path: "/studies/:studyId/trials/:trialId/explanation", call: "explainTrial" },
  { method: "GET", path: "/studies/:studyId/trials/:trialId/output", call: "readOutput", answer: "output" },
  { method: "POST", path: "/studies/:studyId/trials/:trialId/cancel", call: "cancelTrial" },
  { method: "POST", path: "/studies/:studyId/trials/:trialId/retry", call: "retryTrial" },
  { method: "GET", path: "/trainers", call: "listTrainers" },
  { method: "POST", path: "/trainers/:trainerId/cordon", call: "cordonTrainer" },
  { method: "POST", path: "/trainers/:trainerId/drain", call: "drainTrainer" },
  { method: "POST", path: "/trainers/:trainerId/uncordon", call: "uncordonTrainer" },
];

/** The messages of a call, as ts-proto generates them. */
export interface MessageType {
  create(): object;
  fromJSON(object: unknown): object;
  toJSON(message: unknown): unknown;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** Path and messages of a call. */
export interface Method {
  /** Path in gRPC, such as "/sintonia.v1.AdminService/GetStudy". */
  readonly path: string;
  readonly requestType: MessageType;
  readonly responseType: MessageType;
}

/** Returns the path and the messages of a call. */
export function methodOf(call: CallName): Method {
  const { name, requestType, responseType } = AdminServiceDefinition.methods[call];
  const messages = { requestType, responseType } as unknown as Pick<Method, "requestType" | "responseType">;
  return { path: `/${AdminServiceDefinition.fullName}/${name}`, ...messages };
}

/** The route that a request names, and the fields in its path. */
export interface MatchedRoute {
  readonly route: Route;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Finds the routes of a path, one for each method that the path has.
 *
 * @param path - as the client sent it, without the query
 * @returns an empty list for a path that the API does not have
 */
export function routesOf(path: string): readonly MatchedRoute[] {
  return PATTERNS.flatMap(({ route, pattern }) => {
    const match = pattern.exec(path);
    return match === null ? [] : [{ route, fields: decoded(match.groups ?? {}) }];
  });
}

const PATTERNS = ROUTES.map((route) => {
  const source = (API_PREFIX + route.path).replace(/:(\w+)/g, "(?<$1>[^/]+)");
  return { route, pattern: new RegExp(`^${source}$`) };
});

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodedText(text)]));
}

/** Returns a text without percent encoding; as it is where that is broken, which no id contains. */
function decodedText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
