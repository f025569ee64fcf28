// Begins and ends sessions.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerSecurity } from "@sintonia/runtime/grpc/security/server-security";
import { Status } from "nice-grpc-common";
import { sendJson } from "./api/answers.js";
import { readJson } from "./edge/body.js";
import { invalidRequest, RefusedRequest } from "./edge/http-error.js";
import { beginSession, endSession, type SessionCookie } from "./edge/session.js";

/** Path of the session of a browser. */
export const SESSION_PATH = "/session";

/** What sessions need. */
interface Sessions {
  readonly security: Pick<ServerSecurity, "identify">;
  readonly cookie: SessionCookie;
}

/**
 * Answers POST with a cookie for a token, and DELETE by ending the session.
 *
 * @throws {RefusedRequest} for a token that nobody has, and for other methods
 */
export async function answerSession(
  { security, cookie }: Sessions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === "DELETE") return sendJson(response, {}, { headers: { "Set-Cookie": endSession(cookie) } });
  if (request.method !== "POST") throw methodUnknown();
  const { token } = await readJson(request);
  if (typeof token !== "string") throw invalidRequest("The body needs a token.");
  const found = security.identify({ authorization: `Bearer ${token}`, subject: undefined, vouched: undefined });
  const header = beginSession(cookie, token);
  if ("problem" in found || header === undefined) throw unknownToken();
  const { name, role } = found.caller;
  sendJson(response, { name, role: `ROLE_${role.toUpperCase()}` }, { headers: { "Set-Cookie": header } });
}

function methodUnknown(): RefusedRequest {
  const headers = { Allow: "POST, DELETE" };
  const refusal = { status: 405, code: Status.UNIMPLEMENTED, reason: "METHOD_UNKNOWN", headers };
  return new RefusedRequest(refusal, "The path can be used with POST and DELETE.");
}

function unknownToken(): RefusedRequest {
  const refusal = { status: 401, code: Status.UNAUTHENTICATED, reason: "CALLER_UNKNOWN" };
  return new RefusedRequest(refusal, "The coordinator does not know the token.");
}
