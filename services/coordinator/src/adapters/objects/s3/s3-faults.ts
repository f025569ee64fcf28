// Faults of S3, as one line for a person.

import type { IncomingHttpHeaders } from "node:http";
import { OriginFault } from "@sintonia/files/contract/file-source";
import { isPassingStatus } from "@sintonia/files/remote/fault-text";
import { messageOf } from "@sintonia/runtime/errors";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { StoreRefusedError } from "../objects.js";

/** The request that failed: what it was for, and the bucket. */
interface Failed {
  readonly what: string;
  readonly place: string;
}

/** An answer that is no success. */
interface Refusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The answer of the server in XML; empty for HEAD. */
  readonly text: string;
}

/** Meanings of the codes of S3 that a person can act on. A repeat does not help. */
const REFUSALS: Readonly<Record<string, string>> = {
  NoSuchBucket: "there is no such bucket; create it, or correct SINTONIA_ARTIFACTS",
  AccessDenied: "access is denied; the key needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject",
  AllAccessDisabled: "access to the bucket is disabled",
  InvalidAccessKeyId: "the access key is unknown; correct AWS_ACCESS_KEY_ID",
  // Of VersityGW.
  XAdminUserNotFound: "the access key is unknown; correct AWS_ACCESS_KEY_ID",
  SignatureDoesNotMatch: "the signature is wrong; correct AWS_SECRET_ACCESS_KEY",
  InvalidToken: "the session token is not valid; correct AWS_SESSION_TOKEN",
  ExpiredToken: "the session token has expired; renew AWS_SESSION_TOKEN",
  RequestTimeTooSkewed: "the clocks of this machine and of the server differ; set them",
};

/** Codes of a server without room. */
const FULL: ReadonlySet<string> = new Set(["QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity"]);

/** Codes of refusals that pass, with statuses that usually do not. */
const PASSING: ReadonlySet<string> = new Set(["OperationAborted", "RequestTimeout", "IncompleteBody", "SlowDown"]);

/** Returns the fault of a connection. Returns an error that is none unchanged. */
export function requestFault({ what, place }: Failed, error: unknown): unknown {
  if (!(error instanceof OriginFault)) return error;
  const Fault = error.repeats === "none" ? StoreRefusedError : StoreUnavailableError;
  return new Fault(`cannot ${what} in ${place}: ${messageOf(error)}`, { cause: error });
}

/**
 * Returns undefined for an answer that says that an object is missing.
 *
 * @throws {StoreRefusedError} if a repeat does not help
 * @throws {StoreUnavailableError}
 */
export function answerFault({ what, place }: Failed, { status, headers, text }: Refusal): undefined {
  const code = /<Code>([A-Za-z0-9]+)<\/Code>/.exec(text)?.[1] ?? "";
  if (status === 404 && (code === "" || code === "NoSuchKey")) return undefined;
  const region = /<Region>([a-z0-9-]+)<\/Region>/.exec(text)?.[1] ?? headers["x-amz-bucket-region"];
  const isElsewhere = (status >= 300 && status < 400) || code === "AuthorizationHeaderMalformed";
  const told = isElsewhere
    ? `the bucket is in another region; set AWS_REGION${region === undefined ? "" : ` to ${String(region)}`}`
    : (REFUSALS[code] ?? (status === 401 || status === 403 ? REFUSALS["AccessDenied"] : undefined));
  const failed = `cannot ${what} in ${place}`;
  if (told !== undefined) throw new StoreRefusedError(`${failed}: ${told} (${status} ${code})`.replace(" )", ")"));
  if (status === 507 || FULL.has(code)) throw new StoreUnavailableError(`${failed}: the server has no room (${code})`);
  const isPassing = isPassingStatus(status) || PASSING.has(code);
  const Fault = isPassing ? StoreUnavailableError : StoreRefusedError;
  throw new Fault(`${failed}: the server answers with status ${status}${code === "" ? "" : ` ${code}`}`);
}
