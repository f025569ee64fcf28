// What holds once all studies have ended, and what each coordinator believes before.

import assert from "node:assert/strict";
import type { Study } from "@sintonia/coordinator/core/state/study";
import type { Cluster } from "./cluster.js";

/**
 * Checks that the studies of each coordinator without an append under way equal those of the log,
 * unless another coordinator has written meanwhile.
 */
export function checkLiveStates({ coordinators, truth }: Cluster): void {
  for (const { coordinator, server } of coordinators) {
    if (server === undefined) continue;
    for (const live of coordinator.studies()) {
      const stored = truth.study(live.id);
      if (stored?.eventCount !== live.eventCount) continue;
      assert.deepEqual(JSON.parse(JSON.stringify(live)), JSON.parse(JSON.stringify(stored)));
    }
  }
}

/** Checks the ended studies. @param isStopped - true if a person stops the first one */
export function checkEnd(cluster: Cluster, isStopped: boolean): void {
  for (const study of cluster.truth.studies()) {
    const wasStopped = study.status === "stopped" && isStopped;
    assert.ok(wasStopped || study.status === "completed", `study ${study.id} is ${study.status}: ${study.message}`);
    const ends = wasStopped ? ["completed", "cancelled"] : ["completed"];
    for (const { id, state, message } of study.trials)
      assert.ok(ends.includes(state), `trial ${id} of ${study.id} is ${state}: ${message}`);
    checkBest(cluster, study, isStopped);
  }
  checkLiveStates(cluster);
}

/** Checks that no offer is left, in runs whose messages all arrive once and in time. */
export function checkOffers({ nats }: Cluster): void {
  assert.deepEqual([...nats.offered], [], "the offers of ended trials are withdrawn");
}

/** Checks that the best trial is evaluated, and that its weights are stored whole. */
function checkBest({ disk }: Cluster, study: Study, isStopped: boolean): void {
  const { selection, trials, test, message } = study;
  const hasCompleted = trials.some(({ state }) => state === "completed");
  assert.equal(selection !== undefined || message?.includes("was not evaluated") === true, hasCompleted);
  const wasAbandoned = message?.includes("was not evaluated") === true;
  assert.ok(!wasAbandoned || isStopped, "only a person ends a paused evaluation");
  assert.equal(test !== undefined, selection !== undefined && !wasAbandoned, "what was chosen is evaluated");
  for (const { weights } of trials) {
    if (weights === undefined) continue;
    assert.ok(disk.stored.has(weights.sha256), `the weights ${weights.sha256} of a completed trial are stored`);
  }
}
