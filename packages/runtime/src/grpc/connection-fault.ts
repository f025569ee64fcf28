// Why no connection came about, in words for a person. grpc-js says it in sentences of its own.

/** Kinds of faults whose remedies differ. */
export type ConnectionFaultKind =
  /** Nothing listens at the address, or nothing that can be reached. */
  | "unreachable"
  /** The server ended the connection without a word, as one with TLS does to a client without. */
  | "closed"
  /** The server speaks no TLS. */
  | "no-tls"
  /** A certificate is not acceptable to one of the sides. */
  | "certificate";

/** A fault of a connection. */
export interface ConnectionFault {
  readonly kind: ConnectionFaultKind;
  /** The reason without grpc-js' frame, one line. */
  readonly reason: string;
}

/** Returns the fault that the details of a status UNAVAILABLE describe. */
export function connectionFault(details: string): ConnectionFault {
  const reason = details
    .replace(/^No connection established\. Last error: (?:Error(?: \[\w+\])?: )?/, "")
    .replace(/\s*Resolution note:.*/s, "")
    .replace(/\n.*/s, "")
    .replace(/[.:\s]+$/, "");
  if (reason.includes("wrong version number")) return { kind: "no-tls", reason: "the server speaks no TLS" };
  if (/^Failed to connect/.test(reason)) return { kind: "closed", reason: "the server closed the connection" };
  if (/certificate|handshake|EPROTO|ssl|tls/i.test(reason)) return { kind: "certificate", reason };
  return { kind: "unreachable", reason: /ECONNREFUSED/.test(reason) ? "connection refused" : reason };
}
