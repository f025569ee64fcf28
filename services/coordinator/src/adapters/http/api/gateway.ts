// Answers requests of the API with calls of the coordinator's services.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallInside } from "@sintonia/runtime/grpc/inside/inside-calls";
import type { Evidence } from "@sintonia/runtime/grpc/security/authentication";
import { Status } from "nice-grpc-common";
import { readJson } from "../edge/body.js";
import { RefusedRequest } from "../edge/http-error.js";
import {
  type Answers,
  type Reply,
  type StreamTimes,
  sendBytes,
  sendMessage,
  sendOutput,
  sendText,
  sendUpdates,
} from "./answers.js";
import { requestMessage } from "./request-message.js";
import { API_PREFIX, type MatchedRoute, type MessageType, methodOf, routesOf } from "./routes.js";

/** A request of the API. */
export interface ApiRequest extends StreamTimes {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly evidence: Omit<Evidence, "vouched">;
}

/**
 * Answers a request of the API.
 *
 * @throws {RefusedRequest} if the request has no call
 * @throws {ServerError} if the call is refused
 */
export async function answerApi(
  call: CallInside,
  { request, response, url, evidence, ...times }: ApiRequest,
): Promise<void> {
  const { route, fields } = routeOf(request.method ?? "", url.pathname);
  const body = route.method === "GET" ? undefined : await readJson(request);
  const { path, requestType, responseType } = methodOf(route.call);
  const message = requestMessage(requestType, { fields, query: url.searchParams, body });
  const left = new AbortController();
  response.once("close", () => left.abort());
  const { remoteAddress = "", remotePort = 0 } = request.socket;
  const peer = `${remoteAddress}:${remotePort}`;
  const answers = decoded(call({ path, request: message, evidence, peer, signal: left.signal }), responseType);
  const hasGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
  const reply: Reply = { response, signal: left.signal, hasGzip, ...times };
  switch (route.answer) {
    case undefined:
    case "message":
      return await sendMessage(reply, answers, responseType.toJSON);
    case "updates":
      return await sendUpdates(reply, answers, responseType.toJSON);
    case "bytes":
      return await sendBytes(reply, answers, fields["sha256"] ?? "");
    case "output":
      return await (wantsText(request) ? sendText(reply, answers) : sendOutput(reply, answers));
  }
}

async function* decoded(answers: Answers, { decode }: MessageType): Answers {
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
