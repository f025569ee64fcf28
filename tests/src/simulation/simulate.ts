// One run: studies under the faults of a seed for some time, then without faults until they end.

import assert from "node:assert/strict";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { isOver, type Study } from "@sintonia/coordinator/core/state/study";
import { createRandom, type Random } from "@sintonia/tuning/random/random";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { misbehave } from "./cluster/chaos.js";
import { Cluster } from "./cluster/cluster.js";
import { checkEnd, checkLeader, checkLiveStates, checkOffers, checkReplay } from "./cluster/end.js";
import { Person } from "./cluster/person.js";
import {
  extendedLimits,
  isCancelling,
  isEnqueuing,
  isExtended,
  isPaused,
  isReopened,
  isStopped,
  specOf,
  stopModeOf,
} from "./specs.js";
import { CALM, type Faults, LATE_MAX_MS, stormOf } from "./world/faults.js";
import { World } from "./world/world.js";

const STORM_MS = 40_000;
/** Time from the end of a study to its extension, in ms. */
const EXTEND_AFTER_MS = 1_000;
const SECOND_MS = 1_000;
/** Time after the faults within which the call of a pause has arrived, in milliseconds. */
const PAUSE_LATE_MAX_MS = 30_000;
/** Time for effects that follow the end of the last study, in milliseconds. */
const AFTER_MS = 30_000;

/** What a run leaves. */
export interface SimulationResult {
  readonly studies: readonly Study[];
  readonly events: readonly StudyEvent[];
  /** SHA-256 of the trace. */
  readonly digest: string;
  readonly evaluations: number;
  /** Virtual time of the run in milliseconds. */
  readonly ms: number;
}

/** The settings of a run. */
export interface SimulationOptions {
  /** @default the faults of the seed */
  readonly faults?: Faults;
  /**
   * Upper limit of the time that the studies need without faults, in milliseconds.
   * @default 1,200,000
   */
  readonly calmMs?: number;
  /** Receives each line of the trace. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs one seed.
 *
 * @throws {SimulationFailure} if an invariant breaks or a study does not end
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const faults = options.faults ?? stormOf(seed);
  const world = new World(seed, faults);
  world.trace.listener = options.onLine;
  try {
    return await runStudies(seed, world, options.calmMs ?? 1_200_000);
  } catch (error) {
    throw new SimulationFailure(seed, faults, world, error);
  }
}

/** A broken invariant with what is needed to repeat and to understand it. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";

  constructor(seed: number, faults: Faults, world: World, cause: unknown) {
    const reason = cause instanceof assert.AssertionError ? cause.message : (cause as Error).stack;
    const last = world.trace.last().join("\n");
    super(`seed ${seed} at ${world.nowMs} ms: ${reason}\nfaults: ${JSON.stringify(faults)}\nlast inputs:\n${last}`, {
      cause,
    });
  }
}

async function runStudies(seed: number, world: World, calmMs: number): Promise<SimulationResult> {
  const random = createRandom(seed);
  const { faults } = world;
  const cluster = new Cluster(world, { trainers: 1 + random.integer(4), coordinators: 1 + (seed % 2) });
  const person = new Person(cluster);
  const ids = seed % 4 === 0 ? ["first", "second"] : ["first"];
  const specs = ids.map((id) => [id, specOf(seed, random)] as const);
  for (const [id, spec] of specs) person.create(id, spec);
  const limits = extendedLimits(specs[0]?.[1] as StudySpec);
  if (isStopped(seed)) person.stopLater("first", stopModeOf(seed), 2_000 + random.integer(20_000));
  if (isPaused(seed)) person.pauseLater("first", pauseOf(random));
  if (isCancelling(seed)) person.cancelLater("first", String(random.integer(2)), 2_000 + random.integer(10_000));
  if (isEnqueuing(seed)) person.enqueueLater("first", 500 + random.integer(8_000));
  if (isExtended(seed)) person.extendLater("first", limits, 500 + random.integer(8_000));
  misbehave(cluster);
  checkOften(cluster);
  const extend = isReopened(seed) ? () => person.extendLater("first", limits, EXTEND_AFTER_MS) : undefined;
  await storm(cluster, { ids, calmMs, extend });
  checkEnd(cluster, isStopped(seed));
  await checkReplay(cluster);
  if (faults.loss + faults.duplication + faults.lateness + faults.coordinatorCrash === 0) checkOffers(cluster);
  return {
    studies: cluster.truth.studies(),
    events: cluster.truth.events(),
    digest: world.trace.digest(),
    evaluations: cluster.evaluations.length,
    ms: world.nowMs,
  };
}

/** Draws the times of a pause, which ends in the storm or soon after it. */
function pauseOf(random: Random) {
  const delayMs = 1_000 + random.integer(10_000);
  return { delayMs, lengthMs: 1_000 + random.integer(30_000), lastMs: STORM_MS + PAUSE_LATE_MAX_MS };
}

interface Storm {
  readonly ids: readonly string[];
  readonly calmMs: number;
  /** Extends the first study after the end of all. @default no study is extended */
  readonly extend: (() => void) | undefined;
}

async function storm(cluster: Cluster, { ids, calmMs, extend }: Storm): Promise<void> {
  const { world, truth } = cluster;
  const { faults } = world;
  const haveEnded = () => ids.every((id) => isEnded(truth.study(id)));
  await world.run(haveEnded, STORM_MS);
  await calm(cluster, haveEnded, calmMs);
  if (extend === undefined) return;
  world.note("the faults begin again");
  world.faults = faults;
  extend();
  // A study without a completed trial has failed, and is not extended.
  const isDone = (study: Study | undefined) => study?.limits !== undefined || study?.status === "failed";
  const haveEndedAgain = () => isDone(truth.study("first")) && haveEnded();
  await world.run(haveEndedAgain, world.nowMs + STORM_MS);
  await calm(cluster, haveEndedAgain, calmMs);
}

async function calm(cluster: Cluster, haveEnded: () => boolean, calmMs: number): Promise<void> {
  const { world } = cluster;
  world.note("the faults stop");
  world.faults = CALM;
  cluster.mend();
  const end = async () => {
    const isDone = await world.run(haveEnded, world.nowMs + calmMs);
    assert.ok(isDone, "a study does not end");
    await world.run(() => false, world.nowMs + AFTER_MS);
  };
  await end();
  // A late call of a person has extended an ended study.
  if (!haveEnded()) await end();
}

function isEnded(study: Study | undefined): boolean {
  return study !== undefined && isOver(study);
}

/** Checks each second what no single record shows. */
function checkOften(cluster: Cluster): void {
  const { world, truth, reaping } = cluster;
  world.after(SECOND_MS, () => {
    checkOften(cluster);
    try {
      checkLeader(cluster);
      if (world.faults.loss + world.faults.lateness > 0) reaping.noteDisturbance(world.nowMs + LATE_MAX_MS);
      reaping.noteSecond(cluster.serving()[0]?.serving?.name);
      reaping.check(truth.studies());
      checkLiveStates(cluster);
    } catch (error) {
      world.fail(error);
    }
  });
}
