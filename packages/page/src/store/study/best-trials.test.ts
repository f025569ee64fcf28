import assert from "node:assert/strict";
import { test } from "node:test";
import { Goal, Trial } from "@sintonia/proto/sintonia/v1/study";
import { bestTrials } from "./best-trials.js";

test("the best trials follow the goal, and trials without an objective are none of them", () => {
  const trials = [3, undefined, 1, Number.NaN, 2].map((objective, i) =>
    Trial.fromPartial({ id: `${i}`, ...(objective === undefined ? {} : { objective }) }),
  );
  assert.deepEqual([...bestTrials({ goal: Goal.MINIMIZE }, trials, 2)], ["2", "4"]);
  assert.deepEqual([...bestTrials({ goal: Goal.MAXIMIZE }, trials, 2)], ["0", "4"]);
});
