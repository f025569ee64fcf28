// What an extension of an ended study changes: the study searches on with all results, and what it
// has read from the test split stays on record.

import { nameOf, TRIAL_ID } from "@sintonia/protocol/names";
import { isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import type { EventOf, ExtendedLimits } from "./event.js";
import type { Change, Study, TestReading } from "./study.js";
import { checkStudyTransition } from "./transitions.js";

/** The fields of an end, which an active study does not have. */
const WITHOUT_END = {
  ending: undefined,
  endedAt: undefined,
  message: undefined,
  searchEnded: undefined,
  contenders: undefined,
  oracleExhausted: undefined,
  oracleFault: undefined,
  spentLimit: undefined,
  outlookRuns: undefined,
  bestTrialId: undefined,
  selection: undefined,
  test: undefined,
  testRun: undefined,
  testMetrics: undefined,
  evaluationFault: undefined,
} as const;

/**
 * Makes an ended study active. The time since its end does not count as active.
 *
 * @throws {InvariantError} if the study has not ended, or has failed
 */
export function reopened(study: Study, event: EventOf<"study-reopened">, at: number): Change {
  checkStudyTransition(study.id, study.status, "active");
  const { endedAt = at, interruptedMs, testRun, reopenings = 0 } = study;
  const earlierReadings = readingsOf(study);
  return {
    fields: {
      ...WITHOUT_END,
      ...extendedLimits(study, event),
      status: "active",
      reopenings: reopenings + 1,
      models: [],
      interruptedMs: interruptedMs + Math.max(0, at - endedAt),
      ...(earlierReadings.length === 0 ? {} : { earlierReadings }),
      ...(testRun === undefined ? {} : { testAttempts: testRun.attempt }),
    },
  };
}

/** Returns the limits of a study after an extension. */
export function extendedLimits({ limits }: Study, extension: ExtendedLimits): Pick<Study, "limits"> {
  return { limits: { ...limits, maxTrials: extension.maxTrials, ...extension.limits } };
}

/** Returns all readings of the test split so far whose figures are stored, in their order. */
export function readingsOf(study: Study): readonly TestReading[] {
  const { earlierReadings = [], bestTrialId, test, testRun, testMetrics, models, endedAt } = study;
  const isRead = test !== undefined || testMetrics !== undefined;
  const best = study.trials.find(({ id }) => id === bestTrialId);
  if (!isRead || best === undefined || readingOf(study, best.id) !== undefined) return earlierReadings;
  const result = { ...(test && { test }), ...(testMetrics && { testRun, testMetrics }), models };
  return [...earlierReadings, { trialId: best.id, endedAt: endedAt ?? study.changedAt, ...result } as TestReading];
}

/** Returns the earlier reading of the test split by a trial's model; undefined if there is none. */
export function readingOf({ earlierReadings = [] }: Study, trialId: string): TestReading | undefined {
  return earlierReadings.find((reading) => reading.trialId === trialId);
}

/** Records the choice. */
export function bestSelected(study: Study, { selection }: EventOf<"best-selected">): Change {
  const chosen = { bestTrialId: selection.trialId, selection };
  return { fields: { ...chosen, ...knownTest({ ...study, ...chosen }) } };
}

/** Records the reading of the test split by a trial of the front, which is not the chosen one. */
export function frontTested(study: Study, event: EventOf<"front-tested">, at: number): Change {
  const { testRun, testMetrics, earlierReadings = [] } = study;
  const { test, models } = event;
  const trialId = nameOf(TRIAL_ID, event.trialId);
  const run = { ...(testRun && { testRun }), ...(testMetrics && { testMetrics }) };
  const readings = [...earlierReadings, { trialId, endedAt: at, ...(test && { test }), ...run, models }];
  const after = { ...study, earlierReadings: readings };
  return {
    fields: {
      earlierReadings: readings,
      testRun: undefined,
      testMetrics: undefined,
      evaluationFault: undefined,
      ...(testRun === undefined ? {} : { testAttempts: testRun.attempt }),
      ...knownTest(after),
    },
  };
}

/**
 * Returns the test run of the chosen trial if it is the next to be tested and has run before an
 * extension: the trial keeps the figures of the run.
 */
function knownTest(study: Study): Pick<Study, "testRun" | "testMetrics"> {
  const { bestTrialId } = study;
  const { testRun, testMetrics } = readingOf(study, bestTrialId ?? "") ?? {};
  const isKnown = testRun !== undefined && testMetrics !== undefined && nextTested(study) === bestTrialId;
  return isKnown ? { testRun, testMetrics } : {};
}

/**
 * Returns the trial that a finalizing study measures on its test split next: with `testFront` the
 * other trials of the front, each once, and the chosen trial last. Undefined before the choice.
 *
 * @param tested - a trial whose test has just ended
 */
export function nextTested(study: Study, tested?: string): string | undefined {
  const { spec, selection, bestTrialId } = study;
  const isTestable = !isProgramStudy(spec) || spec.program.test !== undefined;
  const front = spec.testFront === true && isTestable ? (selection?.front ?? []) : [];
  const others = front.map(({ trialId }) => trialId).filter((id) => id !== bestTrialId && id !== tested);
  return others.find((id) => readingOf(study, id) === undefined) ?? bestTrialId;
}

/** Returns the attempt of the next test run: attempts of earlier runs have output of their own. */
export function nextTestAttempt({ testAttempts = 0 }: Study): number {
  return testAttempts + 1;
}
