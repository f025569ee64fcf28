import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import type { Study } from "@sintonia/coordinator/core/state/study";
import { isStopped, simulate } from "./simulate.js";
import { CALM } from "./world.js";

const SEEDS = 300;

describe("a simulated cluster", () => {
  it(`keeps every invariant and ends every study under the faults of ${SEEDS} seeds`, () => {
    const attempts = { anew: 0, fromNewest: 0, fromOneBefore: 0 };
    const studies = { stopped: 0, replicated: 0, stoppedInReplicates: 0 };
    const faults = { preempted: 0, setAside: 0, paused: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { study, events } = simulate(seed);
      const wasStopped = study.status === "stopped" && isStopped(seed);
      const ends = wasStopped ? ["completed", "cancelled"] : ["completed"];
      assert.ok(wasStopped || study.status === "completed", `seed ${seed}: ${study.message}`);
      for (const { state } of study.trials) assert.ok(ends.includes(state), `seed ${seed}: all trials complete`);
      const replicates = checkChoice(study, seed);
      studies.stopped += Number(wasStopped);
      studies.replicated += Number(!wasStopped && replicates > 0);
      studies.stoppedInReplicates += Number(wasStopped && replicates > 0);
      for (const kind of laterAttempts(events)) attempts[kind] += 1;
      for (const event of events) {
        if (event.type === "trial-requeued" && event.reason === "The trainer was asked to stop.") {
          assert.equal(event.counted, false, `seed ${seed}: preemption costs no attempt`);
          faults.preempted += 1;
        }
        if (event.type === "trainer-set-aside") faults.setAside += 1;
        if (event.type === "evaluation-paused") faults.paused += 1;
      }
    }
    for (const [kind, count] of Object.entries(faults)) assert.ok(count > 10, `${count} ${kind} say little`);
    for (const [kind, count] of Object.entries(attempts)) assert.ok(count > 10, `${count} attempts ${kind} say little`);
    for (const [kind, count] of Object.entries(studies)) assert.ok(count > 3, `${count} studies ${kind} say little`);
  });

  it("gives the same trace for the same seed", () => {
    assert.deepEqual(simulate(42).trace, simulate(42).trace);
  });

  it("stores only the necessary records without faults", () => {
    const { study, commits, events, evaluations } = simulate(2, CALM);
    const epochs = study.trials.reduce((sum, trial) => sum + trial.measurements.length, 0);
    const checkpoints = events.filter(({ type }) => type === "checkpoint-saved").length;
    assert.ok(checkpoints > 0);
    // Records: the creation; queueing, lease and end of each trial; the choice of the best; the end
    // of the study. The end of the last trial also finalizes the study.
    assert.equal(commits, 1 + 3 * study.trials.length + epochs + checkpoints + 2);
    assert.equal(evaluations, 1);
  });
});

/**
 * Checks that a study with completed trials has chosen one of them, by its replicates if all of
 * those completed.
 *
 * @returns the number of replicates
 */
function checkChoice({ selection, trials, contenders = [], test, message }: Study, seed: number): number {
  const replicates = trials.filter((trial) => trial.replicates !== undefined);
  assert.equal(
    selection !== undefined,
    trials.some(({ state }) => state === "completed"),
    `seed ${seed}`,
  );
  const wasAbandoned = message?.includes("was not evaluated") === true;
  assert.ok(!wasAbandoned || isStopped(seed), `seed ${seed}: only a person ends a paused evaluation`);
  const isEvaluated = selection !== undefined && !wasAbandoned;
  assert.equal(test !== undefined, isEvaluated, `seed ${seed}: what was chosen is evaluated`);
  const completed = replicates.filter(({ state }) => state === "completed").length;
  if (contenders.length > 0 && completed === 2 * contenders.length) assert.equal(selection?.rule, "replicate");
  return replicates.length;
}

/** Returns the start of each attempt after the first that reported something. */
function laterAttempts(events: readonly StudyEvent[]): ("anew" | "fromNewest" | "fromOneBefore")[] {
  const newest = new Map<string, string>();
  const fresh = new Set<string>();
  return events.flatMap((event) => {
    if (event.type === "checkpoint-saved") newest.set(event.trialId, event.artifact.sha256);
    if (event.type === "lease-granted" && event.attempt > 1) fresh.add(event.trialId);
    if (event.type === "trial-resumed" && fresh.delete(event.trialId)) {
      return [newest.get(event.trialId) === event.sha256 ? "fromNewest" : "fromOneBefore"];
    }
    return event.type === "epoch-reported" && fresh.delete(event.trialId) ? ["anew"] : [];
  });
}
