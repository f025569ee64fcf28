// The study after the events of its log.

import type { Measurement } from "@sintonia/protocol/measurement";
import { nameOf, STUDY_ID } from "@sintonia/protocol/names";
import { InvariantError } from "@sintonia/runtime/errors";
import { changeOf } from "./changes.js";
import type { EventOf, StudyEvent } from "./event.js";
import { type Change, isOutstanding, type Study, type Trial } from "./study.js";

/**
 * Returns the study after an event.
 *
 * @param study - the study before the event; undefined only for `study-created`
 * @param at - wall time of the event in milliseconds since 1970
 * @throws {InvariantError} if the event is not allowed in this state
 */
export function evolve(study: Study | undefined, event: StudyEvent, at: number): Study {
  const evolution = new Evolution(study);
  evolution.apply(event, at);
  return evolution.take() as Study;
}

/** Returns the study after several events. */
export function evolveAll(study: Study | undefined, events: readonly StudyEvent[], at: number): Study | undefined {
  const evolution = new Evolution(study);
  for (const event of events) evolution.apply(event, at);
  return evolution.take();
}

/** A study that only its evolution can see, and may therefore change. */
type Draft = { -readonly [K in keyof Study]: Study[K] } & { trials: Trial[] };

/**
 * The course of a study from event to event. The studies that it takes and returns never change:
 * it copies their lists before the first change, and changes its own copies. The time of an event
 * thus does not depend on the number of trials.
 */
export class Evolution {
  #study: Study | undefined;
  /** A copy of the study; undefined if nothing changed it since the last `take`. */
  #draft: Draft | undefined;
  /** Lists of measurements that this evolution made, by trial id. */
  #measurements = new Map<string, Measurement[]>();

  /** @param study - undefined before `study-created` */
  constructor(study: Study | undefined) {
    this.#study = study;
  }

  /**
   * Applies an event.
   *
   * @param at - wall time of the event in milliseconds since 1970
   * @throws {InvariantError} if the event is not allowed in this state
   */
  apply(event: StudyEvent, at: number): void {
    if (event.type === "study-created") {
      if (this.#study !== undefined) throw new InvariantError(`Study ${this.#study.id} was created twice.`);
      this.#study = created(event, at);
      return;
    }
    if (this.#study === undefined) {
      throw new InvariantError(`The log begins with ${event.type} instead of study-created.`);
    }
    this.#draft ??= { ...this.#study, trials: [...this.#study.trials] };
    const draft = this.#draft;
    this.#change(draft, changeOf(draft, event, at), at);
    draft.eventCount += 1;
    draft.changedAt = at;
  }

  /** Returns the study after the events so far; undefined before `study-created`. */
  take(): Study | undefined {
    this.#study = this.#draft ?? this.#study;
    this.#draft = undefined;
    this.#measurements = new Map();
    return this.#study;
  }

  #change(draft: Draft, { fields, trial, measurement }: Change, at: number): void {
    if (fields !== undefined) assignFields(draft, fields);
    if (trial === undefined) return;
    const changed = measurement === undefined ? trial : this.#measured(trial, measurement, at);
    if (changed.tests !== undefined) draft.testRun = changed;
    else setTrial(draft, changed);
  }

  /** Adds a measurement to a trial. Changes the trial itself if this evolution made its list. */
  #measured(trial: Trial, measurement: Measurement, at: number): Trial {
    const own = this.#measurements.get(trial.id);
    if (own !== undefined && own === trial.measurements) {
      own.push(measurement);
      return Object.assign(trial, { reportedAt: at });
    }
    const measurements = [...trial.measurements, measurement];
    this.#measurements.set(trial.id, measurements);
    return { ...trial, measurements, reportedAt: at };
  }
}

function assignFields(draft: Draft, fields: NonNullable<Change["fields"]>): void {
  Object.assign(draft, fields);
  for (const [name, value] of Object.entries(fields)) if (value === undefined) delete draft[name as keyof Draft];
}

function setTrial(draft: Draft, trial: Trial): void {
  const before = draft.trials[trial.number];
  const wasOutstanding = before !== undefined && isOutstanding(before);
  draft.outstandingCount += Number(isOutstanding(trial)) - Number(wasOutstanding);
  draft.trials[trial.number] = trial;
}

function created(event: EventOf<"study-created">, at: number): Study {
  return {
    id: nameOf(STUDY_ID, event.studyId),
    spec: event.spec,
    status: "active",
    trials: [],
    outstandingCount: 0,
    epochsSpent: 0,
    leasedMs: 0,
    eventCount: 1,
    lastToken: 0,
    consecutiveFailures: 0,
    cautiousFailures: 0,
    models: [],
    setAside: [],
    createdAt: at,
    changedAt: at,
    interruptedMs: 0,
  };
}
