// Answers requests of the API with calls of the coordinator's services.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallInside } from "@sintonia/runtime/grpc/inside/inside-calls";
import type { Evidence } from "@sintonia/runtime/grpc/security/authentication";
import { Status } from "nice-grpc-common";
import { readJson } from "../edge/body.js";
import { RefusedRequest } from "../edge/http-error.js";
import { type Reply, sendBytes, sendMessage, sendOutput, sendText, sendUpdates } from "./answers.js";
import { requestMessage } from "./request-message.js";
import { API_PREFIX, type MatchedRoute, methodOf, routesOf } from "./routes.js";

/** A request of the API. */
export interface ApiRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly evidence: Omit<Evidence, "vouched">;
  /** Interval of comments in a stream of events. @default KEEP_ALIVE_MS */
  readonly keepAliveMs?: number | undefined;
}

/**
 * Answers a request of the API.
 *
 * @throws {RefusedRequest} if the request has no call
 * @throws {ServerError} if the call is refused
 */
export async function answerApi(
  call: CallInside,
  { request, response, url, evidence, keepAliveMs }: ApiRequest,
): Promise<void> {
  const { route, fields } = routeOf(request.method ?? "", url.pathname);
  const body = route.method === "GET" ? undefined : await readJson(request);
  const { path, requestType, responseType } = methodOf(route.call);
  const message = requestMessage(requestType, { fields, query: url.searchParams, body });
  const left = new AbortController();
  response.once("close", () => left.abort());
  const { remoteAddress = "", remotePort = 0 } = request.socket;
  const peer = `${remoteAddress}:${remotePort}`;
  const answers = call({ path, request: message, evidence, peer, signal: left.signal });
  const toJson = (answer: unknown): unknown => responseType.toJSON(responseType.decode(answer as Uint8Array));
  const decoded = decodedAnswers(answers, responseType.decode);
  const hasGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
  const reply: Reply = { response, signal: left.signal, hasGzip, keepAliveMs };
  switch (route.answer) {
    case undefined:
    case "message":
      return await sendMessage(reply, answers, toJson);
    case "updates":
      return await sendUpdates(reply, answers, toJson);
    case "bytes":
      return await sendBytes(reply, decoded, fields["sha256"] ?? "");
    case "output":
      return await (wantsText(request) ? sendText(reply, decoded) : sendOutput(reply, decoded));
  }
}

async function* decodedAnswers(
  answers: AsyncIterable<unknown>,
  decode: (bytes: Uint8Array) => unknown,
): AsyncGenerator<unknown> {
  for await (const answer of answers) yield decode(answer as Uint8Array);
}

function wantsText({ headers }: IncomingMessage): boolean {
  return headers.accept?.split(",")[0]?.trim().startsWith("text/plain") === true;
}

function routeOf(method: string, path: string): MatchedRoute {
  const matches = routesOf(path);
  const match = matches.find(({ route }) => route.method === method || (route.method === "GET" && method === "HEAD"));
  if (match !== undefined) return match;
  if (matches.length === 0) {
    const refusal = { status: 404, code: Status.NOT_FOUND, reason: "PATH_UNKNOWN" };
    throw new RefusedRequest(refusal, `The API has no path ${path.slice(API_PREFIX.length, 200)}; see docs/page.md.`);
  }
  const allowed = matches.map(({ route }) => route.method).join(", ");
  const refusal = { status: 405, code: Status.UNIMPLEMENTED, reason: "METHOD_UNKNOWN", headers: { Allow: allowed } };
  throw new RefusedRequest(refusal, `The path can be used with ${allowed}.`);
}
