import type { Role } from "@sintonia/protocol/caller";

/** What somebody did, or tried to do. */
export interface AuditEntry {
  /** Name of the caller. Undefined if the caller is not known. */
  readonly caller: string | undefined;
  readonly role: Role | undefined;
  /** Network address of the caller. For a forwarded call, that which the address in `via` names. */
  readonly peer: string;
  /** Network address of the coordinator that forwarded the call. */
  readonly via?: string | undefined;
  /** Name of the call, such as "StopStudy". */
  readonly call: string;
  readonly study?: string | undefined;
  readonly trial?: string | undefined;
  /** The trainer that a person cordons, drains or uncordons. */
  readonly trainer?: string | undefined;
  /** Name of the gRPC status: "OK", or why the call failed. */
  readonly outcome: string;
  /** The message of a failed call. */
  readonly details?: string | undefined;
}

/**
 * The record of who changed or tried to change something. Bounded: the oldest entries go. A full
 * disk costs entries, but fails no call.
 */
export interface AuditLog {
  /** Adds an entry with the present time. Returns at once. */
  record(entry: AuditEntry): void;
  /** Writes what is waiting. Safe to repeat. */
  close(): Promise<void>;
}
