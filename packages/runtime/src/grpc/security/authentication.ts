// Who calls, and whether the caller may: established once for every call, before its message is
// decoded.

import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type StatusObject,
} from "@grpc/grpc-js";
import { type Caller, isCallerName, isRole, type Role } from "@sintonia/protocol/caller";
import {
  type CallContext,
  Metadata as CallMetadata,
  type ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  Status,
} from "nice-grpc-common";
import { detailsOf, refusal } from "../refusal/refusal.js";
import { STATUS_METADATA } from "../refusal/status-bytes.js";

/** Metadata that carries the caller from the interceptor to the handlers. Nobody can send it. */
const CALLER_KEY = "sintonia-caller-bin";

/**
 * Key of the metadata of a call that a coordinator forwards for the holder of a client certificate:
 * who the caller is, as JSON. Only a coordinator that proves to be one is believed.
 */
export const VOUCHED_METADATA = "sintonia-vouched-bin";

/** Who may make a call: the roles, or anybody, known or not. */
export type Access = readonly Role[] | "open";

/** The facts that a call comes with. */
export interface Evidence {
  /** Value of the metadata `authorization`. */
  readonly authorization: string | undefined;
  /** Subject of the verified certificate of the client. */
  readonly subject: Readonly<Record<string, unknown>> | undefined;
  /** The caller that a coordinator vouches for, if the client is one. */
  readonly vouched: Caller | undefined;
}

/** The caller, or why the caller is unknown. */
export type Identification =
  | {
      readonly caller: Caller;
      /** True if a certificate names the caller, which nobody can present for it elsewhere. */
      readonly hasCertificate?: true;
    }
  | { readonly problem: string };

/** A call that was refused before its handler ran. */
export interface RefusedCall {
  readonly path: string;
  readonly peer: string;
  /** Undefined if the caller is not known. */
  readonly caller: Caller | undefined;
  readonly reason: string;
}

/** The doors of a server. */
export interface Doors {
  /** Returns who may call a method; undefined for a method that nobody may call. */
  readonly access: (path: string) => Access | undefined;
  readonly identify: (evidence: Evidence) => Identification;
  readonly onRefused: (call: RefusedCall) => void;
}

/** The context of a call whose caller is known. */
export interface CallerContext {
  readonly caller: Caller;
  /** Value of the metadata `authorization`, for a call that is forwarded. Never log it. */
  readonly authorization?: string | undefined;
  /** True if a certificate names the caller. */
  readonly hasCertificate?: true;
  /** Network address of the coordinator that forwarded the call; its caller's is `peer`. */
  readonly via?: string;
}

type Verdict = { readonly known?: CallerContext } | { readonly refused: ServerError; readonly caller?: Caller };

/** Decides whether a call may be made, by its path and the facts that it comes with. */
export function judge({ access, identify }: Omit<Doors, "onRefused">, path: string, evidence: Evidence): Verdict {
  const rule = access(path);
  if (rule === "open") return {};
  const found = identify(evidence);
  if ("problem" in found)
    return { refused: refusal(Status.UNAUTHENTICATED, found.problem, { reason: "CALLER_UNKNOWN" }) };
  const { caller } = found;
  const known = { ...found, authorization: evidence.authorization };
  return rule?.includes(caller.role) ? { known } : { refused: denial(path, caller, rule), caller };
}

/** Refuses calls of unknown callers, and those that the caller's role does not allow. */
export function doorkeeper(doors: Doors): ServerInterceptor {
  return ({ path }, call) => {
    const listener = new ServerListenerBuilder().withOnReceiveMetadata((metadata, next) => {
      const authorization = metadata.get("authorization")[0]?.toString();
      const evidence = { authorization, subject: subjectOf(call), vouched: vouchedCaller(metadata) };
      const verdict = judge(doors, path, evidence);
      metadata.remove(CALLER_KEY);
      metadata.remove("authorization");
      metadata.remove(VOUCHED_METADATA);
      if ("refused" in verdict) {
        const { refused, caller } = verdict;
        doors.onRefused({ path, peer: call.getPeer(), caller, reason: refused.details });
        call.sendStatus(statusOf(refused));
        return;
      }
      if (verdict.known !== undefined) metadata.set(CALLER_KEY, Buffer.from(JSON.stringify(verdict.known)));
      next(metadata);
    });
    return new ServerInterceptingCall(call, { start: (next) => next(listener.build()) });
  };
}

function subjectOf(call: { getAuthContext(): { sslPeerCertificate?: { subject?: object } } }): Evidence["subject"] {
  return call.getAuthContext().sslPeerCertificate?.subject as Evidence["subject"];
}

/** Returns the caller that the metadata names. Anybody can send it. */
function vouchedCaller(metadata: Metadata): Caller | undefined {
  const [bytes] = metadata.get(VOUCHED_METADATA);
  try {
    const { name, role } = JSON.parse(String(bytes)) as Readonly<Record<keyof Caller, unknown>>;
    const [word, kind] = [String(name), String(role)];
    return isCallerName(word) && isRole(kind) ? { name: word, role: kind } : undefined;
  } catch {
    return undefined; // No caller, or not one in JSON.
  }
}

function denial(path: string, { name, role }: Caller, roles: readonly Role[] | undefined): ServerError {
  const method = path.slice(path.lastIndexOf("/") + 1);
  const needed = roles === undefined ? "no role may" : `it needs the role ${roles.join(" or ")}`;
  const message = `${name} has the role ${role} and may not call ${method}: ${needed}.`;
  const facts = { caller: name, role, method, roles: roles?.join(" ") ?? "" };
  return refusal(Status.PERMISSION_DENIED, message, { reason: "ROLE_INSUFFICIENT", facts });
}

function statusOf(refused: ServerError): StatusObject {
  const metadata = new Metadata();
  metadata.set(STATUS_METADATA, Buffer.from(detailsOf(refused)));
  return { code: refused.code as number, details: refused.details, metadata };
}

/** Returns metadata that names the caller to `callerMiddleware`. */
export function metadataOf(known: CallerContext): CallContext["metadata"] {
  return CallMetadata().set(CALLER_KEY, Buffer.from(JSON.stringify(known)));
}

/** A caller of calls that anybody may make. It has no name, and no right to anything else. */
const NOBODY: Caller = { name: "", role: "viewer" };

/** Passes the caller to the handlers, as a part of their context. */
export const callerMiddleware: ServerMiddleware<CallerContext> = async function* passCaller<Request, Response>(
  call: ServerMiddlewareCall<Request, Response, CallerContext>,
  context: CallContext,
) {
  const bytes = context.metadata.get(CALLER_KEY) as Uint8Array | undefined;
  const known = bytes === undefined ? { caller: NOBODY } : (JSON.parse(Buffer.from(bytes).toString()) as CallerContext);
  context.metadata.delete(CALLER_KEY);
  return yield* call.next(call.request, { ...context, ...known });
};
