// The run that measures the best trial of a program's study, once the trial is chosen.

import { nameOf, TEST_RUN_ID, TRIAL_ID } from "@sintonia/protocol/names";
import { InvariantError } from "@sintonia/runtime/errors";
import type { EventOf } from "./event.js";
import { NO_LOSSES } from "./losses.js";
import { findTrial, type Study } from "./study.js";

/** Returns the study whose best trial waits for its test. */
export function testQueued(study: Study, { trialId, tests }: EventOf<"test-queued">): Study {
  const tested = findTrial(study, tests);
  if (trialId !== TEST_RUN_ID || tested?.weights === undefined || study.testRun !== undefined) {
    throw new InvariantError(`Study ${study.id} cannot test trial ${tests} in a run ${trialId}.`);
  }
  const { number, values, source } = tested;
  const testRun = {
    id: TEST_RUN_ID,
    number,
    state: "queued",
    values,
    source,
    tests: nameOf(TRIAL_ID, tests),
    attempt: 1,
    losses: NO_LOSSES,
    measurements: [],
    checkpoints: [],
  } as const;
  return { ...study, testRun };
}
