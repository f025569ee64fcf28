import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { simulate } from "./simulate.js";
import { CALM } from "./world.js";

const SEEDS = 300;

describe("a simulated cluster", () => {
  it(`keeps every invariant and ends every study through ${SEEDS} storms`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { study } = simulate(seed);
      assert.equal(study.status, "completed", `seed ${seed}: ${study.message}`);
      assert.ok(
        study.trials.every((trial) => trial.state === "completed"),
        `seed ${seed}: all trials complete`,
      );
    }
  });

  it("does the same again for the same seed", () => {
    assert.deepEqual(simulate(42).trace, simulate(42).trace);
  });

  it("stores nothing but the necessary in a calm world", () => {
    const { study, commits } = simulate(1, CALM);
    const epochs = study.trials.reduce((sum, trial) => sum + trial.measurements.length, 0);
    // Creation, and for each trial its queueing, lease and end; the study's end. The last trial's end finalizes too.
    assert.equal(commits, 1 + 3 * study.trials.length + epochs + 1);
  });
});
