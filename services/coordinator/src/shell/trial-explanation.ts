// Why a trial has its values: what the oracle knew is taken from the study's log, and what it made of that is computed again.

import { setImmediate } from "node:timers/promises";
import type { Explanation } from "@sintonia/tuning/oracle/contract/explanation";
import type { SuggestionRequest } from "@sintonia/tuning/oracle/contract/oracle";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { enqueuedValues } from "@sintonia/tuning/spec/given-trials";
import { suggestionRequest } from "../core/query/oracle-request.js";
import type { EventOf, StudyEvent } from "../core/state/event.js";
import { evolve } from "../core/state/evolve.js";
import type { Study } from "../core/state/study.js";
import type { OracleService } from "../ports/oracle-service.js";
import type { StudyLog } from "../ports/study-log.js";
import { readRecords } from "./study/journal.js";

/** Why a trial has its values. */
export interface TrialExplanation {
  /** What the oracle knew. */
  readonly request: SuggestionRequest;
  /** Its suggestion has the trial's values, bit for bit. */
  readonly explanation: Explanation;
}

/** A trial cannot be explained: no oracle suggested it, its log does not tell enough, or the oracle would suggest otherwise today. */
export class UnexplainedTrialError extends Error {
  override readonly name = "UnexplainedTrialError";
}

/** Events that are looked at in one go: a fraction of a millisecond. */
const EVENTS_AT_ONCE = 64;

/**
 * Explains a trial.
 *
 * @throws {UnexplainedTrialError}
 * @throws {DamagedLogError} if the log has a gap or was changed
 * @throws {StoreUnavailableError}
 */
export async function explainTrial(
  { log, oracles }: { readonly log: StudyLog; readonly oracles: OracleService },
  studyId: string,
  trialId: string,
): Promise<TrialExplanation> {
  const { events, queued } = await readUntilQueued(log, studyId, trialId);
  if (queued.replicates !== undefined) {
    const original = queued.replicates.trialId;
    throw new UnexplainedTrialError(`No oracle suggested trial ${trialId}: it executes trial ${original} again.`);
  }
  if (queued.basis === undefined) {
    throw new UnexplainedTrialError(
      `The log of study ${studyId} does not say what the oracle knew when it suggested trial ${trialId}: it was written by an earlier version.`,
    );
  }
  const study = await studyAfter(events.slice(0, queued.basis));
  const { spec } = study;
  const request = suggestionRequest(study, study.trials.length);
  const enqueued = enqueuedValues(spec, request.trialNumber);
  const explanation: Explanation | "exhausted" =
    enqueued === undefined
      ? await oracles.explain(spec.oracle, request)
      : { suggestion: { values: enqueued, source: "enqueued" } };
  return { request, explanation: checkReproduced(explanation, queued) };
}

interface Entry {
  readonly event: StudyEvent;
  readonly at: number;
}

/** The events before the one that a trial begins with, and that one. */
async function readUntilQueued(log: StudyLog, studyId: string, trialId: string) {
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

async function studyAfter(events: readonly Entry[]): Promise<Study> {
  let study: Study | undefined;
  for (const [i, { event, at }] of events.entries()) {
    study = evolve(study, event, at);
    if (i % EVENTS_AT_ONCE === 0) await setImmediate();
  }
  if (study === undefined) throw new UnexplainedTrialError("The oracle was asked before its study began.");
  return study;
}

function checkReproduced(
  explanation: Explanation | "exhausted",
  { trialId, values, source }: EventOf<"trial-queued">,
): Explanation {
  if (explanation === "exhausted") {
    throw new UnexplainedTrialError(`Computed again from the log, the oracle has no suggestion for trial ${trialId}.`);
  }
  const { suggestion } = explanation;
  if (source === "random" && suggestion.source !== "random") {
    const place = "a random point took the place of its suggestion";
    throw new UnexplainedTrialError(`The oracle failed when it was asked for trial ${trialId}, and ${place}.`);
  }
  const differences = [...differencesOf(values, suggestion.values)];
  if (suggestion.source !== source) differences.push(`source: ${source}, now ${suggestion.source}`);
  if (differences.length === 0) return explanation;
  throw new UnexplainedTrialError(
    `Computed again from the log, the suggestion for trial ${trialId} comes out otherwise: ${differences.join("; ")}. Another version of the oracle made it, or another machine.`,
  );
}

function* differencesOf(recorded: ParameterValues, computed: ParameterValues): Generator<string> {
  for (const name of new Set([...Object.keys(recorded), ...Object.keys(computed)])) {
    const [was, is] = [recorded[name], computed[name]];
    // A zero below zero comes back from the log as zero.
    if (was !== is) yield `${name}: ${was ?? "none"}, now ${is ?? "none"}`;
  }
}
