// The standing of a coordinator at the time of each scrape, as gauges.

import { Gauge, type Registry } from "prom-client";
import { namedArtifacts, namedCheckpoints } from "../../core/query/named-content.js";
import { wantedByClass, wantedTrainers } from "../../core/query/wanted-trainers.js";
import { type ArtifactKind, isOver, type Study, type StudyStatus, type TrialState } from "../../core/state/study.js";

const STATUSES: readonly StudyStatus[] = ["active", "finalizing", "completed", "stopped", "failed"];
const STATES: readonly TrialState[] = [
  "queued",
  "leased",
  "running",
  "paused",
  "completed",
  "pruned",
  "failed",
  "infeasible",
  "cancelled",
];
const KINDS: readonly ArtifactKind[] = [
  "weights",
  "tfjs-model",
  "tfjs-weights",
  "onnx-model",
  "checkpoint",
  "program-files",
  "preparation",
];

/** What a coordinator that leads shows of itself. */
export interface MeteredCoordinator {
  studies(): readonly Study[];
  damagedStudies(): readonly unknown[];
  trainerCount(): number;
  cordonedCount(): number;
  trainerClasses(): readonly string[];
  waitingInputs(): number;
}

/** Where the gauges look at each scrape. */
export interface StandingSources {
  /** Returns the coordinator of the present term; undefined while this process does not lead. */
  readonly coordinator: () => MeteredCoordinator | undefined;
  /** Returns the number of the last term of this process; 0 before the first. */
  readonly termNumber: () => number;
  /** Returns the parts of the health, and whether each works. */
  readonly health: () => ReadonlyMap<string, boolean>;
  readonly isStoreDurable: boolean;
  /** Returns the bytes that the state folder has room for. */
  readonly availableBytes: () => Promise<number>;
}

type Value = number | ReadonlyMap<string, number>;
type Counts<K> = ReadonlyMap<K, number>;

/**
 * Adds the gauges to a registry. Those of studies, trials and trainers are 0 while the process does
 * not lead, so that their sum over all coordinators is that of the installation.
 */
export function addStandingMetrics(registry: Registry, sources: StandingSources): void {
  const { coordinator, termNumber, health, isStoreDurable, availableBytes } = sources;
  const gauge = gaugesOf(registry);
  const studies = (): readonly Study[] => coordinator()?.studies() ?? [];
  const trialsOf = cached(countTrials);
  const bytesOf = cached(countBytes);
  gauge("sintonia_leader", "1 while this coordinator leads, else 0.", () => (coordinator() === undefined ? 0 : 1));
  gauge("sintonia_leader_term", "Number of the last term of this coordinator, 0 before the first.", termNumber);
  gauge("sintonia_store_durable", "1 if NATS keeps what it has acknowledged, 0 if it may lose records.", () =>
    isStoreDurable ? 1 : 0,
  );
  gauge("sintonia_healthy", "1 if the part of the coordinator works, else 0.", () => asNumbers(health()), "part");
  gauge("sintonia_studies", "Studies by status.", () => byStatus(studies()), "status");
  gauge(
    "sintonia_studies_damaged",
    "Studies that are set aside, because their logs cannot be read.",
    () => coordinator()?.damagedStudies().length ?? 0,
  );
  gauge(
    "sintonia_studies_paused",
    "Studies that a person has paused.",
    () => studies().filter(({ pause }) => pause !== undefined).length,
  );
  gauge(
    "sintonia_evaluations_waiting",
    "Studies whose best trial cannot be evaluated until a person mends the cause.",
    () => studies().filter(isEvaluationWaiting).length,
  );
  gauge("sintonia_trials", "Trials of all studies by state.", () => summed(STATES, studies().map(trialsOf)), "state");
  gauge("sintonia_trainers", "Trainers that live.", () => coordinator()?.trainerCount() ?? 0);
  gauge(
    "sintonia_trainers_cordoned",
    "Trainers that live and get no further trial, by order of a person.",
    () => coordinator()?.cordonedCount() ?? 0,
  );
  gauge("sintonia_trainers_wanted", "Trainers that could work at this time, whether they live or not.", () =>
    studies().reduce((sum, study) => sum + wantedTrainers(study), 0),
  );
  gauge(
    "sintonia_trainers_wanted_by_class",
    "Trainers that could work at this time, by the resource class of their studies.",
    () => wantedByClass(studies(), coordinator()?.trainerClasses()),
    "class",
  );
  gauge(
    "sintonia_inputs_waiting",
    "Calls and results that wait for study logs.",
    () => coordinator()?.waitingInputs() ?? 0,
  );
  gauge(
    "sintonia_artifact_bytes",
    "Bytes of the artifacts and checkpoints that studies name, by kind.",
    () => summed(KINDS, studies().map(bytesOf)),
    "kind",
  );
  gauge("sintonia_state_folder_available_bytes", "Bytes that the state folder has room for.", availableBytes);
}

function gaugesOf(registry: Registry) {
  return (name: string, help: string, value: () => Value | Promise<Value>, label?: string): void => {
    new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      async collect() {
        const present = await value();
        // A class whose studies have ended has no series.
        this.reset();
        if (typeof present === "number") this.set(present);
        else for (const [of, number] of present) this.set({ [label as string]: of }, number);
      },
    });
  };
}

function asNumbers(parts: ReadonlyMap<string, boolean>): ReadonlyMap<string, number> {
  return new Map([...parts].map(([part, works]) => [part, works ? 1 : 0]));
}

function byStatus(studies: readonly Study[]): Counts<StudyStatus> {
  const counts = studies.map(({ status }) => new Map([[status, 1]]));
  return summed(STATUSES, counts);
}

function isEvaluationWaiting(study: Study): boolean {
  return study.evaluationFault !== undefined && !isOver(study);
}

/** Adds up counts, so that each key has a sum. */
function summed<K extends string>(keys: readonly K[], all: readonly Counts<K>[]): Counts<K> {
  const sums = new Map<K, number>(keys.map((key) => [key, 0]));
  for (const counts of all) for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

/** Returns a function that counts a study once: studies are immutable. */
function cached<K>(count: (study: Study) => Counts<K>): (study: Study) => Counts<K> {
  const known = new WeakMap<Study, Counts<K>>();
  return (study) => {
    const counts = known.get(study) ?? count(study);
    known.set(study, counts);
    return counts;
  };
}

function countTrials({ trials }: Study): Counts<TrialState> {
  const counts = new Map<TrialState, number>();
  for (const { state } of trials) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

function countBytes(study: Study): Counts<ArtifactKind> {
  const counts = new Map<ArtifactKind, number>();
  for (const { kind, sizeBytes } of [...namedArtifacts(study), ...namedCheckpoints(study)])
    counts.set(kind, (counts.get(kind) ?? 0) + sizeBytes);
  return counts;
}
