// Refusals over HTTP: the status of each gRPC status, and the body that says why.

import { ServerError, Status } from "nice-grpc-common";
import { BadRequest, ErrorInfo, RetryInfo, RichServerError } from "nice-grpc-error-details";

/** A refusal as the client gets it. */
export interface HttpError {
  readonly status: number;
  readonly body: {
    readonly error: {
      /** Name of the gRPC status, such as "NOT_FOUND". */
      readonly code: string;
      readonly message: string;
      /** Reason for programs, in capitals; empty if there is none. */
      readonly reason: string;
      readonly facts: Readonly<Record<string, string>>;
      /** What is wrong with single fields of the request. */
      readonly fields?: readonly { readonly field: string; readonly description: string }[];
    };
  };
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that the gateway itself refuses. */
export class RefusedRequest extends Error {
  readonly status: number;
  readonly code: Status;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    {
      status,
      code,
      reason,
      headers = {},
    }: Pick<RefusedRequest, "status" | "code" | "reason"> & {
      readonly headers?: Readonly<Record<string, string>>;
    },
    message: string,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.headers = headers;
  }
}

/** Returns INVALID_ARGUMENT for a request whose query or body is wrong. */
export function invalidRequest(message: string): RefusedRequest {
  return new RefusedRequest({ status: 400, code: Status.INVALID_ARGUMENT, reason: "REQUEST_INVALID" }, message);
}

/** HTTP status of each gRPC status, as google.rpc.Code maps them; a precondition is a conflict. */
const STATUSES: Readonly<Record<Status, number>> = {
  [Status.OK]: 200,
  [Status.CANCELLED]: 499,
  [Status.UNKNOWN]: 500,
  [Status.INVALID_ARGUMENT]: 400,
  [Status.DEADLINE_EXCEEDED]: 504,
  [Status.NOT_FOUND]: 404,
  [Status.ALREADY_EXISTS]: 409,
  [Status.PERMISSION_DENIED]: 403,
  [Status.RESOURCE_EXHAUSTED]: 429,
  [Status.FAILED_PRECONDITION]: 409,
  [Status.ABORTED]: 409,
  [Status.OUT_OF_RANGE]: 400,
  [Status.UNIMPLEMENTED]: 501,
  [Status.INTERNAL]: 500,
  [Status.UNAVAILABLE]: 503,
  [Status.DATA_LOSS]: 500,
  [Status.UNAUTHENTICATED]: 401,
};

/** Returns the refusal that an error describes; undefined for an error that nobody expects. */
export function httpError(error: unknown): HttpError | undefined {
  if (error instanceof RefusedRequest) {
    const { status, code, reason, message, headers } = error;
    return { status, body: { error: { code: nameOf(code), message, reason, facts: {} } }, headers };
  }
  if (!(error instanceof ServerError)) return undefined;
  const { code, details: message } = error;
  const extra: readonly { readonly $type: string }[] = error instanceof RichServerError ? error.extra : [];
  const info = extra.find((detail) => detail.$type === ErrorInfo.$type) as ErrorInfo | undefined;
  const { fieldViolations } = (extra.find((detail) => detail.$type === BadRequest.$type) ?? {}) as Partial<BadRequest>;
  const fields = fieldViolations?.map(({ field, description }) => ({ field, description }));
  const described = { code: nameOf(code), message, reason: info?.reason ?? "", facts: info?.metadata ?? {} };
  const body = { error: { ...described, ...(fields === undefined ? {} : { fields }) } };
  return { status: STATUSES[code] ?? 500, body, headers: headersOf(code, extra) };
}

/** Returns true for a refusal that passes by itself, so that the client comes again. */
export function isPassing(error: unknown): boolean {
  return error instanceof ServerError && PASSING.includes(error.code);
}

const PASSING: readonly Status[] = [Status.UNAVAILABLE, Status.RESOURCE_EXHAUSTED, Status.CANCELLED];

function nameOf(code: Status): string {
  return Status[code] ?? "UNKNOWN";
}

function headersOf(code: Status, extra: readonly { readonly $type: string }[]): Record<string, string> {
  if (code === Status.UNAUTHENTICATED) return { "WWW-Authenticate": "Bearer" };
  const retry = extra.find((detail) => detail.$type === RetryInfo.$type) as RetryInfo | undefined;
  if (retry?.retryDelay === undefined) return {};
  return { "Retry-After": String(Math.max(1, retry.retryDelay.seconds)) };
}
