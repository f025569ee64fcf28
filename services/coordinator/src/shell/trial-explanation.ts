// The explanation of a trial's values. The study's log gives the oracle's arguments at the time,
// and the oracle computes its suggestion again from them.

import { setImmediate } from "node:timers/promises";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import type { SuggestionRequest, SuggestionSource } from "@sintonia/tuning/oracle/contract/suggestion";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { enqueuedSuggestion, suggestionRequest } from "../core/query/oracle-request.js";
import type { EventOf, StudyEvent } from "../core/state/event.js";
import { Evolution } from "../core/state/evolve.js";
import type { Study, TrialSource } from "../core/state/study.js";
import type { OracleService } from "../ports/oracle-service.js";
import type { StudyLog } from "../ports/study-log.js";
import { readRecords } from "./study/journal.js";

/** The explanation of a trial's values. */
export interface TrialExplanation {
  /** The arguments of the oracle. */
  readonly request: SuggestionRequest;
  /** The oracle's explanation, whose suggestion equals the trial's values bit for bit. */
  readonly explanation: Explanation;
}

/**
 * The reason why a trial has no explanation: no oracle suggested it, or the oracle's suggestion
 * cannot be reproduced.
 */
export class UnexplainedTrialError extends Error {
  override readonly name = "UnexplainedTrialError";
}

/**
 * Events that are processed before other work gets its turn. They take a fraction of a
 * millisecond.
 */
const EVENTS_AT_ONCE = 64;

/**
 * Explains a trial.
 *
 * @throws {UnexplainedTrialError}
 * @throws {DamagedLogError} if the log has a gap or was changed
 * @throws {StoreUnavailableError}
 */
export async function explainTrial(
  { log, oracles }: { readonly log: Pick<StudyLog, "read">; readonly oracles: Pick<OracleService, "explain"> },
  studyId: string,
  trialId: string,
): Promise<TrialExplanation> {
  const { events, queued } = await readUntilQueued(log, studyId, trialId);
  if (queued.replicates !== undefined) {
    const original = queued.replicates.trialId;
    throw new UnexplainedTrialError(`No oracle suggested trial ${trialId}: it executes trial ${original} again.`);
  }
  if (queued.basis === undefined) {
    const reason = "an earlier version of the coordinator wrote it";
    throw new UnexplainedTrialError(
      `The log of study ${studyId} does not record which events the oracle used for trial ${trialId}: ${reason}.`,
    );
  }
  const study = await studyAfter(eventsKnown(events, queued.basis));
  const { spec } = study;
  const request = suggestionRequest(study, study.trials.length);
  const enqueued = enqueuedSuggestion(study);
  const explanation: Explanation | "exhausted" =
    enqueued === undefined ? await oracles.explain(spec.oracle, request) : { suggestion: enqueued };
  return { request, explanation: checkReproduced(explanation, queued) };
}

interface Entry {
  readonly event: StudyEvent;
  readonly at: number;
}

/** Reads the events of a study up to the one that queues the trial. */
async function readUntilQueued(log: Pick<StudyLog, "read">, studyId: string, trialId: string) {
  const events: Entry[] = [];
  for await (const { record } of readRecords(log, studyId)) {
    for (const event of record.events) {
      if (event.type === "trial-queued" && event.trialId === trialId) return { events, queued: event };
      events.push({ event, at: record.at });
      if (events.length % EVENTS_AT_ONCE === 0) await setImmediate();
    }
  }
  throw new UnexplainedTrialError(`The log of study ${studyId} has no trial ${trialId}.`);
}

/**
 * Returns the events that the oracle knew: those of the basis, and the trials queued since then,
 * which it suggested before by the same request.
 */
function eventsKnown(events: readonly Entry[], basis: number): readonly Entry[] {
  return [...events.slice(0, basis), ...events.slice(basis).filter(({ event }) => event.type === "trial-queued")];
}

async function studyAfter(events: readonly Entry[]): Promise<Study> {
  const evolution = new Evolution(undefined);
  for (const [i, { event, at }] of events.entries()) {
    evolution.apply(event, at);
    if (i % EVENTS_AT_ONCE === 0) await setImmediate();
  }
  const study = evolution.take();
  if (study === undefined) throw new UnexplainedTrialError("The log says that the oracle used no event of the study.");
  return study;
}

function checkReproduced(
  explanation: Explanation | "exhausted",
  { trialId, values, source }: EventOf<"trial-queued">,
): Explanation {
  if (explanation === "exhausted") {
    throw new UnexplainedTrialError(`From the same events, the oracle suggests nothing for trial ${trialId}.`);
  }
  const { suggestion } = explanation;
  if (source === "random" && suggestion.source !== "random" && suggestion.source !== "defaults") {
    throw new UnexplainedTrialError(
      `The oracle failed for trial ${trialId}, and a random point replaced its suggestion.`,
    );
  }
  const differences = [...differencesOf(values, suggestion.values)];
  if (!isSameSource(source, suggestion.source)) differences.push(`source: ${source}, now ${suggestion.source}`);
  if (differences.length === 0) return explanation;
  const changes = differences.join("; ");
  const cause = "Another version of the oracle, or another computer, made the recorded suggestion.";
  throw new UnexplainedTrialError(
    `From the same events, the oracle suggests other values for trial ${trialId}: ${changes}. ${cause}`,
  );
}

/** Logs of 0.1 call the defaults a point of the initial design. */
function isSameSource(recorded: TrialSource, computed: SuggestionSource): boolean {
  return recorded === computed || (recorded === "initial-design" && computed === "defaults");
}

function* differencesOf(recorded: ParameterValues, computed: ParameterValues): Generator<string> {
  for (const name of new Set([...Object.keys(recorded), ...Object.keys(computed)])) {
    const [was, is] = [recorded, computed].map((values) => (Object.hasOwn(values, name) ? values[name] : undefined));
    // -0 equals 0 here, since JSON has no negative zero.
    if (was !== is) yield `${name}: ${was ?? "none"}, now ${is ?? "none"}`;
  }
}
