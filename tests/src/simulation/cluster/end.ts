// What holds once all studies have ended, and what each coordinator believes before.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readingsOf } from "@sintonia/coordinator/core/state/reopening";
import { isOutstanding, leasableTrials, type Study, type Trial } from "@sintonia/coordinator/core/state/study";
import { CopiedLog } from "@sintonia/coordinator/shell/log-copy/copied-log";
import { replay } from "@sintonia/coordinator/shell/recovery";
import { createLogger } from "@sintonia/runtime/logger";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import { testedTrials } from "../checks/front.js";
import type { Cluster } from "./cluster.js";
import { CANCELLED } from "./person.js";

const SILENT = createLogger({ service: "simulation", instance: "end", level: "silent" });

/** Checks that at most one coordinator serves. */
export function checkLeader(cluster: Cluster): void {
  const names = cluster.serving().map(({ process }) => process.name);
  assert.ok(names.length < 2, `${names.join(" and ")} serve at the same time`);
}

/**
 * Checks that the studies of the leader without an append under way equal those of the log, and
 * that none is set aside. The leader learns of a record that an earlier one sent, and that arrived
 * late, when the log refuses its next append.
 */
export function checkLiveStates(cluster: Cluster): void {
  const { truth } = cluster;
  for (const { process, coordinator } of cluster.serving()) {
    assert.deepEqual(coordinator?.damagedStudies(), [], "no study is set aside");
    for (const live of coordinator?.studies() ?? []) {
      const isLate = (): boolean => !truth.isWriter(process.name, live.id);
      checkLive(live, truth.study(live.id), isLate);
    }
  }
}

/** Live states that were equal to the log's. */
const checked = new WeakSet<Study>();

function checkLive(live: Study, stored: Study | undefined, isLate: () => boolean): void {
  if (checked.has(live) || stored?.eventCount !== live.eventCount) return;
  const isEqual = hashOf(live) === hashOf(stored);
  if (!isEqual && isLate()) return;
  assert.ok(isEqual, `the live state of ${live.id} is that of the log`);
  checked.add(live);
}

/** Returns the SHA-256 of a study. The order of its fields does not count. */
function hashOf(study: Study): string {
  const sorted = (_: string, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(byName)) : value;
  return createHash("sha256").update(JSON.stringify(study, sorted)).digest("hex");
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Checks that the next start would read the ended studies as they are. */
export async function checkReplay({ nats, disk, truth }: Cluster): Promise<void> {
  const log = new CopiedLog(nats.log, disk.copies, SILENT);
  for (const study of truth.studies()) {
    const replayed = await replay(log, study.id);
    assert.ok(replayed.kind === "study", `study ${study.id} can be read`);
    assert.equal(hashOf(replayed.study), hashOf(study), `study ${study.id} is replayed as it is`);
  }
}

/** Checks the ended studies. @param isStopped - true if a person stops the first one */
export function checkEnd(cluster: Cluster, isStopped: boolean): void {
  for (const study of cluster.truth.studies()) {
    const wasStopped = study.status === "stopped" && isStopped;
    const isSpent = study.spentLimit !== undefined;
    const isFruitless =
      (isSpent || study.trials.some(isTooSlow)) && study.status === "failed" && !study.trials.some(hasCompleted);
    const hasEnded = wasStopped || isFruitless || study.status === "completed";
    assert.ok(hasEnded, `study ${study.id} is ${study.status}: ${study.message}`);
    for (const trial of study.trials) {
      const { id, state, message } = trial;
      const wasOnceStopped = wasStopped || (isStopped && study.limits !== undefined);
      const wasCancelled =
        state === "cancelled" && (wasOnceStopped || message === CANCELLED || isStoppedByBudget(message));
      const wasPruned = state === "pruned" && study.spec.pruner?.type !== "none";
      const hasCause = wasCancelled || wasPruned || isTooSlow(trial);
      assert.ok(hasCause || state === "completed", `trial ${id} of ${study.id} is ${state}: ${message}`);
    }
    checkBest(cluster, study, isStopped);
  }
  checkLiveStates(cluster);
}

function hasCompleted({ state }: Trial): boolean {
  return state === "completed";
}

function isTooSlow({ state, message }: Trial): boolean {
  return state === "infeasible" && message?.startsWith("It took longer than budget.maxSecondsPerTrial") === true;
}

function isStoppedByBudget(message = ""): boolean {
  return message.startsWith("The budget of ") && message.endsWith(" was spent.");
}

/** Checks that no offer is left, in runs whose messages all arrive once and in time. */
export function checkOffers({ nats }: Cluster): void {
  assert.deepEqual([...nats.offered], [], "the offers of ended trials are withdrawn");
}

/** Checks that the best trial is evaluated or tested, and that its weights are stored whole. */
function checkBest({ disk }: Cluster, study: Study, isStopped: boolean): void {
  const { selection, trials, message } = study;
  const isFound = trials.some(hasCompleted);
  const wasAbandoned = message?.includes("was not evaluated") === true;
  assert.equal(selection !== undefined || wasAbandoned, isFound);
  assert.ok(!wasAbandoned || isStopped, "only a person ends a waiting evaluation");
  if (isProgramStudy(study.spec)) checkTested(study, isStopped);
  else checkEvaluated(study, wasAbandoned);
  for (const { weights } of leasableTrials(study)) {
    if (weights === undefined) continue;
    assert.ok(disk.stored.has(weights.sha256), `the weights ${weights.sha256} of a completed trial are stored`);
  }
}

/** Checks that each trial to test has a reading, unless a person ended its wait. */
function checkEvaluated(study: Study, wasAbandoned: boolean): void {
  const { selection, test } = study;
  assert.equal(test !== undefined, selection !== undefined && !wasAbandoned, "what was chosen is evaluated");
  const read = readingsOf(study).map(({ trialId }): string => trialId);
  const isWhole = wasAbandoned || testedTrials(study).every((id) => read.includes(id));
  assert.ok(isWhole, `every trial to test is evaluated: ${testedTrials(study)}`);
}

/** Checks that the test of a program has ended, and that its end is told. */
function checkTested({ testRun, testMetrics, message }: Study, isStopped: boolean): void {
  if (testRun === undefined || testMetrics !== undefined) return;
  const wasStopped = isStopped && message?.includes("was stopped.") === true;
  assert.ok(!isOutstanding(testRun), "the test has ended");
  assert.ok(wasStopped || message?.includes("The test data are not there"), `the test is ${testRun.state}: ${message}`);
}
