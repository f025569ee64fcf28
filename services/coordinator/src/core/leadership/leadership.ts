// The leadership of one coordinator among several. A coordinator is in one of these modes:
//
// mode        entered when                             left when
// following   the process starts, or the store holds   the store has never named a leader, the
//             the record of another coordinator or     leader has released its record, or the
//             none                                     record did not change, or was missing, for
//                                                      the time to live
// leading     the store took this coordinator's        the store holds another record, or this
//             claim                                    coordinator releases its own
//
// The store's compare-and-swap decides who leads. A leader acts only within the time to live of its
// last renewal, counted from the time at which the renewal was sent; a follower counts the same
// time from the moment at which it saw the record, which is later. So no two coordinators act at
// the same time as long as monotonic clocks run equally fast; the compare-and-swap of the study
// logs is the fence if they do not.

import type { LeaseTime } from "./lease-time.js";

/** The leader's record in the store. */
export interface LeaderRecord {
  /** Grows with every change of the leader. Lease tokens of a term exceed those of earlier ones. */
  readonly term: number;
  /** Unique to a process. */
  readonly instance: string;
  /** Identity that at most one process has at a time; empty if the process has none. */
  readonly identity: string;
  /** Address of the leader's gRPC services, "host:port"; empty if the record cannot be read. */
  readonly address: string;
  /** True once the leader has ended in order: a successor need not wait. */
  readonly isReleased: boolean;
  /** Times of the leases that the successor must not take for renewed ones. */
  readonly leases: readonly LeaseTime[];
}

/** A record and its revision in the store. */
export interface StoredLeader {
  readonly record: LeaderRecord;
  readonly revision: number;
}

/** This coordinator, as its records name it. */
export type Candidate = Pick<LeaderRecord, "instance" | "identity" | "address">;

/** The mode of a coordinator. Times are monotonic, in milliseconds. */
export type Leadership =
  | {
      readonly mode: "following";
      /** The record in the store; "unread" until the store has answered, "none" if it has none. */
      readonly seen: StoredLeader | "unread" | "none";
      /** Time since which the record is seen unchanged, or none, without a gap in the answers. */
      readonly sinceMs: number;
      /** True once the record has changed before the eyes of this coordinator: a leader lives. */
      readonly isRenewed: boolean;
      /** Time before which this coordinator does not claim the leadership. */
      readonly holdUntilMs: number;
      /** The largest term that this coordinator has seen. */
      readonly lastTerm: number;
    }
  | {
      readonly mode: "leading";
      readonly term: number;
      readonly revision: number;
      /** Time at which the last renewal was sent that the store took. */
      readonly renewedMs: number;
      /** True if the last renewal was not answered, so that `revision` may be outdated. */
      readonly isDoubtful: boolean;
    };

/** The next request to the store. */
export type Move =
  | { readonly type: "observe" }
  | { readonly type: "claim"; readonly term: number; readonly after: number }
  | { readonly type: "renew"; readonly term: number; readonly after: number };

/** Returns the mode of a coordinator that has not asked the store. */
export function initialLeadership(): Leadership {
  return following("unread", { nowMs: 0, lastTerm: 0 });
}

/** Tells whether a coordinator may act and answer. */
export function isLeading(state: Leadership, nowMs: number, ttlMs: number): boolean {
  return state.mode === "leading" && nowMs < state.renewedMs + ttlMs;
}

/** The time of a decision. */
interface MoveTime {
  readonly nowMs: number;
  readonly ttlMs: number;
  /** Wall time in seconds since 1970. No term is smaller, so that none repeats after a loss. */
  readonly wallSeconds: number;
}

/** Decides the next request to the store. */
export function nextMove(state: Leadership, self: Candidate, { nowMs, ttlMs, wallSeconds }: MoveTime): Move {
  if (state.mode === "leading") {
    const { term, revision: after } = state;
    return state.isDoubtful ? { type: "observe" } : { type: "renew", term, after };
  }
  const { seen, sinceMs, holdUntilMs, lastTerm } = state;
  if (seen === "unread" || nowMs < holdUntilMs) return { type: "observe" };
  const term = Math.max(lastTerm + 1, wallSeconds);
  // The leader of a record that the store has lost acts until its next renewal is refused.
  const isFree = nowMs - sinceMs >= ttlMs || (seen === "none" ? lastTerm === 0 : isLeft(seen.record, self));
  if (!isFree) return { type: "observe" };
  return { type: "claim", term, after: revisionOf(seen) };
}

/** Tells whether the leader of a record is known to lead no more. */
function isLeft(record: LeaderRecord, self: Candidate): boolean {
  return record.isReleased || isFormerSelf(record, self);
}

/** Tells whether a record is of this process, or of a process that ended before this one began. */
function isFormerSelf({ instance, identity }: LeaderRecord, self: Candidate): boolean {
  return instance === self.instance || (identity !== "" && identity === self.identity);
}

/** The store has answered with its record. */
export function observed(
  state: Leadership,
  stored: StoredLeader | undefined,
  { self, nowMs }: { readonly self: Candidate; readonly nowMs: number },
): Leadership {
  const seen = stored ?? "none";
  const lastTerm = Math.max(termOf(state), stored?.record.term ?? 0);
  if (state.mode === "leading") {
    const isOwn = stored?.record.instance === self.instance && stored.record.term === state.term;
    if (isOwn && !stored.record.isReleased) return { ...state, revision: stored.revision, isDoubtful: false };
    return following(seen, { nowMs, lastTerm });
  }
  const isUnchanged = state.seen !== "unread" && revisionOf(seen) === revisionOf(state.seen);
  const isRenewed = state.isRenewed || (state.seen !== "unread" && !isUnchanged);
  return { ...state, seen, lastTerm, isRenewed, sinceMs: isUnchanged ? state.sinceMs : nowMs };
}

/** Returns the revision that a claim replaces. */
function revisionOf(seen: StoredLeader | "none"): number {
  return seen === "none" ? 0 : seen.revision;
}

function isStored(seen: StoredLeader | "unread" | "none"): seen is StoredLeader {
  return typeof seen === "object";
}

/** The store has taken a claim or a renewal. */
export function written(
  state: Leadership,
  { term, revision, sentMs }: { readonly term: number; readonly revision: number; readonly sentMs: number },
): Leadership {
  const renewedMs = state.mode === "leading" ? Math.max(state.renewedMs, sentMs) : sentMs;
  return { mode: "leading", term, revision, renewedMs, isDoubtful: false };
}

/** The store has refused a claim or a renewal: it holds another record. */
export function refused(state: Leadership, nowMs: number): Leadership {
  if (state.mode === "leading") return { ...state, isDoubtful: true };
  return { ...state, seen: "unread", sinceMs: nowMs };
}

/**
 * The store has not answered. A follower begins to count anew with the next answer: the leader
 * could not renew its record either.
 */
export function unanswered(state: Leadership, nowMs: number): Leadership {
  return refused(state, nowMs);
}

/** This coordinator gives the leadership up, and leaves it to others for some time. */
export function yielded(state: Leadership, holdUntilMs: number): Leadership {
  return { ...following("unread", { nowMs: 0, lastTerm: termOf(state) }), holdUntilMs };
}

/**
 * Returns the address of another coordinator that leads, as far as this one knows. A record with
 * the own address is that of a process that ended before this one began.
 */
export function leaderAddress(state: Leadership, self: Candidate): string | undefined {
  if (state.mode === "leading" || !isStored(state.seen) || state.seen.record.isReleased) return undefined;
  const { address } = state.seen.record;
  return address === "" || address === self.address ? undefined : address;
}

/** Tells whether another coordinator leads that has renewed its record since this one follows. */
export function hasLiveLeader(state: Leadership, self: Candidate): boolean {
  return state.mode === "following" && state.isRenewed && leaderAddress(state, self) !== undefined;
}

function termOf(state: Leadership): number {
  return state.mode === "leading" ? state.term : state.lastTerm;
}

function following(
  seen: StoredLeader | "unread" | "none",
  { nowMs, lastTerm }: { readonly nowMs: number; readonly lastTerm: number },
): Extract<Leadership, { mode: "following" }> {
  return { mode: "following", seen, sinceMs: nowMs, isRenewed: false, holdUntilMs: 0, lastTerm };
}
