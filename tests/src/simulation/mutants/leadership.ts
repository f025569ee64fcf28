// Deliberate bugs of the leadership, of what a leader takes over, and of the copies of the logs.

import type { Mutant } from "./mutant.js";

export const LEADERSHIP_MUTANTS: readonly Mutant[] = [
  {
    name: "gate-open",
    bug: "a coordinator that does not know whether it leads answers",
    file: "coordinator/dist/adapters/grpc/edge/leader-gate.js",
    from: ['if (standing.kind === "serving")', "        return standing.signal;"].join("\n"),
    to: 'if (standing.kind !== "following") return standing.signal ?? context.signal;',
    seeds: 60,
  },
  {
    name: "leadership-never-lapses",
    bug: "a leader acts on after it could not renew its record",
    file: "coordinator/dist/core/leadership/leadership.js",
    from: "nowMs < state.renewedMs + ttlMs",
    to: "ttlMs > 0",
    seeds: 150,
  },
  {
    name: "leadership-taken-early",
    bug: "a follower takes the leadership from a leader that is late",
    file: "coordinator/dist/core/leadership/leadership.js",
    from: "nowMs - sinceMs >= ttlMs",
    to: "nowMs - sinceMs >= 500",
    seeds: 60,
  },
  {
    name: "leases-forgotten-by-successor",
    bug: "leases never expire after a change of the leader",
    file: "coordinator/dist/core/leadership/lease-time.js",
    from: "return Times.of(deadlines);",
    to: "return Times.of([]);",
    seeds: 60,
  },
  {
    name: "leases-ended-by-successor",
    bug: "a change of the leader ends healthy leases",
    file: "coordinator/dist/core/leadership/lease-time.js",
    from: "nowMs + (isListed ? time.remainingMs : PUNCTUAL_SHARE * ttlMs)",
    to: "nowMs",
    seeds: 60,
  },
  {
    name: "leases-renewed-by-successor",
    bug: "a change of the leader renews dead leases",
    file: "coordinator/dist/core/leadership/lease-time.js",
    from: "nowMs + (isListed ? time.remainingMs : PUNCTUAL_SHARE * ttlMs)",
    to: "nowMs + 20 * ttlMs",
    seeds: 60,
  },
  {
    name: "lost-records-not-restored",
    bug: "records that the store has lost are not appended again",
    file: "coordinator/dist/shell/log-copy/copied-log.js",
    from: "yield* this.#restoreTail(studyId, sequence, last);",
    to: "return;",
    seeds: 60,
  },
  {
    name: "changes-not-expected",
    bug: "a study that is read again is not compared with its copy",
    file: "coordinator/dist/shell/running/running-studies.js",
    from: "mending?.expectChanges(studyId);",
    to: "",
    seeds: 60,
  },
];
