// The time without a leader, from the records of the leaders in NATS and the logs of the
// coordinators. The clocks of leases run only while a coordinator leads.

/** A record of a leader in NATS. Times are wall times in ms since 1970. */
export interface LeaderRecordAt {
  readonly at: number;
  readonly term: number;
  readonly coordinator: number;
}

/** The moment at which a coordinator had read the logs and began to lead. */
export interface Leadership {
  readonly at: number;
  readonly coordinator: number;
}

/** Leaders' records and beginnings, each in the order of their times. */
export interface LeaderTrace {
  readonly records: readonly LeaderRecordAt[];
  readonly leaderships: readonly Leadership[];
  /** Time for which a record is valid. */
  readonly leaderTtlMs: number;
}

/** A time in which a coordinator led. */
interface Led {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the time between two moments in which no coordinator led. A leader leads from the moment
 * at which it is ready to its last record: its successor continues the leases from this record.
 */
export function timeWithoutLeader(trace: LeaderTrace, from: number, to: number): number {
  const led = ledTimes(trace).map((time) => Math.max(0, Math.min(time.to, to) - Math.max(time.from, from)));
  return to - from - led.reduce((sum, ms) => sum + ms, 0);
}

/** Each record lasts until the next one of its term, and as long as it is valid at most. */
function ledTimes({ records, leaderships, leaderTtlMs }: LeaderTrace): readonly Led[] {
  return records.flatMap((record, index) => {
    const next = records[index + 1];
    if (next?.term !== record.term) return [];
    const readyAt = readyAtOf(record, { records, leaderships });
    const from = Math.max(record.at, readyAt);
    const to = Math.min(next.at, record.at + leaderTtlMs);
    return from < to ? [{ from, to }] : [];
  });
}

/** Returns the moment at which the leader of a term was ready; never if the term ended before. */
function readyAtOf(
  { term, coordinator }: LeaderRecordAt,
  { records, leaderships }: Pick<LeaderTrace, "records" | "leaderships">,
): number {
  const begin = records.find((record) => record.term === term)?.at ?? 0;
  return (
    leaderships.find((entry) => entry.coordinator === coordinator && entry.at >= begin)?.at ?? Number.POSITIVE_INFINITY
  );
}
