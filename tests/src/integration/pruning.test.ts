// Trials that the pruner ends and pauses, on real processes: a paused trial goes on from its
// checkpoint, on whichever trainer is free.

import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { fetchStudy, untilCompleted, untilCreated } from "../chaos/watch.js";
import { installedForEach } from "./installed.fixture.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 180_000 };
const STUDY = "pruned";
const TRIALS = 6;
const EPOCHS = 5;

/**
 * Reports x plus the number of the epoch. Continues after the epoch of its checkpoint, and adds a
 * line to a file for each epoch that it trains.
 */
const PROGRAM = `
saved="$SINTONIA_CHECKPOINT_DIR/epoch"
epoch=$(cat "$saved" 2>/dev/null || echo 0)
while [ "$epoch" -lt ${EPOCHS} ]; do
  echo "$1 $epoch" >> "$TRAINED"
  echo $((epoch + 1)) > "$saved"
  echo "{\\"metrics\\":{\\"score\\":$(($1 + epoch))},\\"epoch\\":$epoch,\\"checkpoint\\":true}" >&3
  read answer <&4 || exit 75
  [ "$answer" = stop ] && exit 0
  epoch=$((epoch + 1))
done
`;

describe("a study with a pruner", () => {
  const installed = installedForEach("pruning", {
    counts: { trainer: 2, coordinator: 1, nats: 1 },
    leaseTtlMs: 15_000,
  });

  async function trialsOf(pruner: object): Promise<readonly Trial[]> {
    const spec = {
      name: STUDY,
      program: {
        command: ["sh", "-c", PROGRAM, "trial", `\${x}`],
        environment: { TRAINED: path.join(installed.folder, "trained") },
      },
      objective: { metric: "score", goal: "maximize" },
      budget: { maxTrials: TRIALS, parallelTrials: 1 },
      selection: { rule: "observed" },
      oracle: { type: "random" },
      pruner,
      enqueue: Array.from({ length: TRIALS }, (_, trial) => ({ x: 100 * (TRIALS - trial) })),
      seed: 1,
      parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
    };
    await untilCreated(installed.admin.client, STUDY, JSON.stringify(spec));
    await untilCompleted(installed.admin.client, STUDY);
    return (await installed.admin.client.listTrials({ studyId: STUDY })).trials;
  }

  const namesOf = (trials: readonly Trial[], state: TrialState): string[] =>
    trials.flatMap((trial) => (trial.state === state ? [trial.id] : []));

  it("ends trials below a threshold, each with its evidence", LIMIT, async () => {
    const trials = await trialsOf({ type: "threshold", lower: 250 });
    assert.deepEqual(namesOf(trials, TrialState.COMPLETED), ["0", "1", "2", "3"]);
    assert.deepEqual(namesOf(trials, TrialState.PRUNED), ["4", "5"]);
    for (const { state, evidence, epochs, objective } of trials) {
      if (state !== TrialState.PRUNED) continue;
      assert.deepEqual([evidence?.pruner, evidence?.limit, objective], ["threshold", 250, undefined]);
      assert.equal(epochs, 1);
    }
  });

  it("pauses trials at a rung, and promoted ones go on from their checkpoints", LIMIT, async () => {
    const trials = await trialsOf({ type: "asha", minEpochs: 2, reductionFactor: 2 });
    const completed = namesOf(trials, TrialState.COMPLETED);
    assert.ok(completed.length >= 1);
    assert.equal(completed.length + namesOf(trials, TrialState.PRUNED).length, TRIALS);
    const { events } = await fetchStudy(installed.admin.client, STUDY);
    const promoted = [...events.entries()].flatMap(([place, { event }]) =>
      event.type === "trial-promoted" && event.attempt !== undefined ? [{ place, ...event }] : [],
    );
    assert.ok(promoted.length > 0, "the first trial waits, and goes on once the second one is worse");
    for (const { place, trialId, rung } of promoted) {
      const resumed = events
        .slice(place)
        .flatMap(({ event }) => (event.type === "trial-resumed" && event.trialId === trialId ? [event] : []));
      assert.ok((resumed[0]?.epoch ?? -1) + 1 >= rung, `trial ${trialId} resumes from the rung of ${rung} epochs`);
    }
  });

  it("races trials by their curves: all begin, then the best goes on to its end", LIMIT, async () => {
    const trials = await trialsOf({});
    assert.deepEqual(namesOf(trials, TrialState.COMPLETED), ["0"]);
    assert.deepEqual(namesOf(trials, TrialState.PRUNED), ["1", "2", "3", "4", "5"]);
    const [best, ...others] = trials.map(({ epochs }) => epochs);
    assert.equal(best, EPOCHS);
    // A trainer goes on by itself while an answer is late, so that a loser may have an epoch more.
    assert.ok(
      others.every((epochs) => epochs < EPOCHS),
      JSON.stringify(others),
    );
    assert.match(trials[1]?.message ?? "", /about 500; with 6 trials at this rung, the limit to go on was 600/);
  });
});
