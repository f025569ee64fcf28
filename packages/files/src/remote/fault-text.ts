// Faults of connections and answers, as one line for a person.

import { OriginFault } from "../contract/file-source.js";

/** Codes of errors that a repeat may mend. */
const PASSING: Readonly<Record<string, string>> = {
  ECONNREFUSED: "no server answers",
  ECONNRESET: "the connection broke",
  EPIPE: "the connection broke",
  ECONNABORTED: "the connection broke",
  ETIMEDOUT: "the server does not answer",
  EHOSTUNREACH: "its host cannot be reached",
  ENETUNREACH: "its network cannot be reached",
  EAI_AGAIN: "the name of its host cannot be looked up at present",
};

/** Statuses that a repeat may mend. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Tells whether a repeat may get another status. */
export function isPassingStatus(status: number): boolean {
  return PASSING_STATUSES.has(status);
}

/** Returns the fault of a connection. Returns an error that is none unchanged. */
export function connectionFault(host: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OriginFault) return error;
  const { code = "" } = error as NodeJS.ErrnoException;
  const passing = PASSING[code];
  if (passing !== undefined) return new OriginFault(`${passing} (${host})`, "some", { cause: error });
  if (code === "ENOTFOUND") return new OriginFault(`there is no host ${host}`, "none", { cause: error });
  if (isTlsCode(code)) {
    const advice = "for an authority of your own, NODE_EXTRA_CA_CERTS names a file with its certificate";
    const reason = tlsReason(error);
    return new OriginFault(`the certificate or TLS of ${host} is refused: ${reason}; ${advice}`, "none", {
      cause: error,
    });
  }
  if (code === "") return error;
  return new OriginFault(`the connection to ${host} failed: ${code}`, "some", { cause: error });
}

function isTlsCode(code: string): boolean {
  return /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|CRL_|EPROTO$)/.test(
    code,
  );
}

/** "self-signed certificate" of the message; the end of OpenSSL's longer ones. */
function tlsReason({ message }: Error): string {
  const line = message.split("\n", 1)[0] ?? "";
  return (line.match(/SSL routines:[^:]*:([^:]+)/)?.[1] ?? line).slice(0, 200);
}

/** The meaning of an answer for the login that was sent with the request, or for its lack. */
interface AnswerFacts {
  readonly host: string;
  readonly status: number;
  /** What to do about a refusal of access. */
  readonly accessAdvice: string;
}

/** Returns the fault of an answer that is no success. */
export function statusFault({ host, status, accessAdvice }: AnswerFacts): OriginFault {
  if (status === 404 || status === 410) return new OriginFault(`${host} does not have it (${status})`, "none");
  if (status === 401 || status === 403)
    return new OriginFault(`${host} refuses access to it (${status}); ${accessAdvice}`, "none");
  const repeats = isPassingStatus(status) ? "some" : "none";
  return new OriginFault(`${host} answers with status ${status}`, repeats);
}
