// What the log of a study must say after a storm.

import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import type { Study } from "@sintonia/coordinator/core/state/study";
import { replay } from "@sintonia/coordinator/shell/recovery";
import { readRecords } from "@sintonia/coordinator/shell/study/journal";

/** An event and the wall time of its record, in ms since 1970. */
export interface TimedEvent {
  readonly at: number;
  readonly event: StudyEvent;
}

/** A study rebuilt from the bytes of its log. */
export interface RebuiltStudy {
  readonly study: Study;
  readonly events: readonly TimedEvent[];
}

/**
 * Rebuilds a study from the bytes of its records.
 *
 * @throws if the chain of the records is broken, or the events contradict each other
 */
export async function rebuildStudy(studyId: string, bodies: readonly Uint8Array[]): Promise<RebuiltStudy> {
  const log = {
    async *read() {
      for (const [index, body] of bodies.entries()) yield { revision: index + 1, body };
    },
  };
  const replayed = await replay(log, studyId);
  if (replayed.kind !== "study") throw new Error(`The study cannot be rebuilt: ${JSON.stringify(replayed)}`);
  const events: TimedEvent[] = [];
  for await (const { record } of readRecords(log, studyId)) {
    for (const event of record.events) events.push({ at: record.at, event });
  }
  return { study: replayed.study, events };
}

const SETTLING: ReadonlySet<string> = new Set([
  "trial-completed",
  "trial-pruned",
  "trial-failed",
  "trial-infeasible",
  "trial-cancelled",
  "test-completed",
]);

/** Tells whether an event settles its trial. */
export function isSettling({ type }: StudyEvent): boolean {
  return SETTLING.has(type);
}

/**
 * Lists what a log does wrong: trials that did not settle or settled twice, events of settled
 * trials, tokens that do not grow.
 */
export function problemsOfLog(events: readonly StudyEvent[]): readonly string[] {
  const problems: string[] = [];
  const open = new Set<string>();
  const settled = new Set<string>();
  let token = 0;
  for (const event of events) {
    if (event.type === "lease-granted") {
      if (event.token <= token) problems.push(`token ${event.token} follows token ${token}`);
      token = event.token;
    }
    if (!("trialId" in event) || event.type === "trainer-set-aside") continue;
    const { type, trialId } = event;
    if (settled.has(trialId)) problems.push(`${type} of trial ${trialId}, which is settled`);
    open.add(trialId);
    if (isSettling(event)) settled.add(trialId);
  }
  for (const trialId of open) if (!settled.has(trialId)) problems.push(`trial ${trialId} is not settled`);
  return problems;
}

/** What a trial may resume from. */
interface Progress {
  /** Checkpoints, oldest first. */
  readonly saved: readonly EventOf<"checkpoint-saved">[];
  /** True from a lease to the first report or resumption under it, if there is a checkpoint. */
  readonly isDue: boolean;
}

type EventOf<T extends StudyEvent["type"]> = Extract<StudyEvent, { type: T }>;

/**
 * Lists the attempts that did not go on from the newest checkpoint of their trial.
 *
 * @param damaged - checksums of checkpoints that a fault damaged
 */
export function problemsOfResumption(events: readonly StudyEvent[], damaged: ReadonlySet<string>): readonly string[] {
  const problems: string[] = [];
  const trials = new Map<string, Progress>();
  for (const event of events) {
    if (!("trialId" in event)) continue;
    const { saved, isDue } = trials.get(event.trialId) ?? { saved: [], isDue: false };
    const newest = saved.findLast(({ artifact }) => !damaged.has(artifact.sha256));
    if (event.type === "lease-granted") trials.set(event.trialId, { saved, isDue: newest !== undefined });
    else if (event.type === "checkpoint-saved") trials.set(event.trialId, { saved: [...saved, event], isDue: false });
    else if (isDue && (event.type === "trial-resumed" || event.type === "epoch-reported")) {
      const { epoch } = event.type === "trial-resumed" ? event : { epoch: -1 };
      const isNewest =
        event.type === "trial-resumed" && event.sha256 === newest?.artifact.sha256 && epoch === newest.epoch;
      if (!isNewest) problems.push(describeResumption(event.trialId, epoch, newest?.epoch));
      trials.set(event.trialId, { saved, isDue: false });
    }
  }
  return problems;
}

function describeResumption(trialId: string, epoch: number, newest: number | undefined): string {
  const from = epoch < 0 ? "began anew" : `resumed after epoch ${epoch}`;
  return `an attempt at trial ${trialId} ${from}, with a checkpoint of epoch ${newest}`;
}

/**
 * Lists what the study does wrong with trainers that cannot train: each is set aside with its
 * reason, and costs no trial an attempt.
 */
export function problemsOfBroken(events: readonly StudyEvent[], broken: readonly string[]): readonly string[] {
  const setAside = events.filter((event) => event.type === "trainer-set-aside");
  const problems = broken.flatMap((name) => {
    const own = setAside.filter(({ trainerId }) => trainerId.startsWith(name));
    if (own.length === 0) return [`the trainer ${name}, which cannot train, was not set aside`];
    return own.some(({ reason }) => reason === "") ? [`the trainer ${name} was set aside without a reason`] : [];
  });
  const holders = new Map<string, string>();
  for (const event of events) {
    if (event.type === "lease-granted") holders.set(event.trialId, event.trainerId);
    if (event.type !== "trial-requeued" || event.counted === false) continue;
    // A lease whose answer a fault delays beyond its time to live ends in silence with any trainer.
    if (event.reason.endsWith("went silent.")) continue;
    const holder = holders.get(event.trialId) ?? "";
    if (broken.some((name) => holder.startsWith(name)))
      problems.push(`trial ${event.trialId} lost an attempt by ${holder}`);
  }
  return problems;
}

/** The results of a study that faults must not change. */
export function resultsOf({ status, trials, bestTrialId, testMetrics }: Study) {
  return {
    status,
    best: bestTrialId,
    test: testMetrics,
    trials: trials.map(({ id, state, values, objective, measurements }) => ({
      id,
      state,
      values,
      objective,
      metrics: measurements.slice().map(({ execution, epoch, metrics }) => ({ execution, epoch, metrics })),
    })),
  };
}

/** Lists the differences between the results of a study and those of an undisturbed one. */
export function differences(undisturbed: Study, disturbed: Study): readonly string[] {
  const { trials: expected, ...before } = resultsOf(undisturbed);
  const { trials: actual, ...after } = resultsOf(disturbed);
  const pairs: [string, unknown, unknown][] = [
    ["study", before, after],
    ["number of trials", expected.length, actual.length],
    ...expected.map((trial, index): [string, unknown, unknown] => [`trial ${trial.id}`, trial, actual[index]]),
  ];
  return pairs.flatMap(([name, one, other]) => {
    const [text, otherText] = [JSON.stringify(one), JSON.stringify(other)];
    return text === otherText ? [] : [`${name}: undisturbed ${text}, here ${otherText}`];
  });
}
