// Entries of the audit log, from calls.

import type { CallerContext, RefusedCall } from "@sintonia/runtime/grpc/security/authentication";
import {
  type CallContext,
  ServerError,
  type ServerMiddleware,
  type ServerMiddlewareCall,
  Status,
} from "nice-grpc-common";
import type { AuditEntry, AuditLog } from "../../../ports/audit-log.js";
import { isAudited } from "./access.js";
import { explanation } from "./fields.js";

/** Length limit of an id in an entry. Refused ids may have any length. */
const ID_MAX_LENGTH = 128;

type Names = Pick<AuditEntry, "study" | "trial" | "trainer">;

/** Records the calls that change something, and every call that fails. */
export function auditTrail(log: AuditLog): ServerMiddleware<object, CallerContext> {
  return async function* audit<Request, Response>(
    call: ServerMiddlewareCall<Request, Response, CallerContext>,
    context: CallContext & CallerContext,
  ) {
    const noted: unknown[] = [];
    const note = (message: unknown): void => void noted.push(message);
    const record = (outcome: string, details?: string): void => {
      if (!isAudited(call.method.path, outcome !== "OK")) return;
      const names = Object.assign({}, ...noted.map(namesIn).reverse()) as Names;
      const { caller, peer, via } = context;
      const who = { caller: caller.name, role: caller.role, peer, via, call: callName(call.method.path) };
      log.record({ ...who, ...names, outcome, ...(details === undefined ? {} : { details: explanation(details) }) });
    };
    try {
      if (!call.requestStream) note(call.request);
      const request = call.requestStream ? noting(call.request, note) : call.request;
      const response = yield* call.next(request as typeof call.request, context);
      note(response);
      record("OK");
      return response;
    } catch (error) {
      if (error instanceof ServerError) record(Status[error.code] ?? "UNKNOWN", error.details);
      else record(error instanceof Error && error.name === "AbortError" ? "CANCELLED" : "INTERNAL");
      throw error;
    }
  };
}

/** Returns the entry of a call that was refused at the door. */
export function refusedEntry({ path, peer, caller, reason }: RefusedCall): AuditEntry {
  const outcome = caller === undefined ? "UNAUTHENTICATED" : "PERMISSION_DENIED";
  return { caller: caller?.name, role: caller?.role, peer, call: callName(path), outcome, details: reason };
}

async function* noting<T>(messages: AsyncIterable<T>, note: (message: unknown) => void): AsyncGenerator<T> {
  let isFirst = true;
  for await (const message of messages) {
    if (isFirst) note(message);
    isFirst = false;
    yield message;
  }
}

interface Named {
  readonly studyId?: string;
  readonly trialId?: string;
  readonly trainerId?: string;
  readonly lease?: Named;
  readonly study?: { readonly id?: string };
  readonly part?: { readonly value?: unknown };
}

/** Returns the study, the trial and the trainer that a message names. */
function namesIn(message: unknown): Names {
  if (typeof message !== "object" || message === null) return {};
  const { studyId, trialId, trainerId, lease, study, part } = message as Named;
  const inside = lease ?? (part?.value as Named | undefined)?.lease;
  return defined({
    study: id(studyId ?? inside?.studyId ?? study?.id),
    trial: id(trialId ?? inside?.trialId),
    trainer: id(trainerId),
  });
}

function id(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text.slice(0, ID_MAX_LENGTH);
}

function defined(names: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));
}

function callName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
