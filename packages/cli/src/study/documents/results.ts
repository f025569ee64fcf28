import type { Study, TestResult, TestScore, Trial } from "@sintonia/proto/sintonia/v1/study";
import type { Goal } from "@sintonia/tuning/objective/goal";
import { SCORES, type ScoreName } from "@sintonia/tuning/plan/metric";
import type { SearchLimit } from "@sintonia/tuning/spec/study-spec";
import { goalName } from "../goal.js";
import { budgetUse, type LimitUse, limitName } from "../progress/budget.js";
import { type WaitingFor, waitingFor } from "../progress/waiting-for.js";
import { studyStateName } from "../trial-state.js";
import { type FrontTrialResults, frontResults } from "./choice/front-results.js";
import { type SelectionResults, selectionResults } from "./choice/selection-results.js";
import { parameterNames, type TrialResults, trialResults } from "./trial-results.js";

/** The ends of an interval. */
type Bounds = readonly [low: number, high: number];

/** The figures of the best model on the test split. */
export interface TestResults {
  readonly loss: number;
  /** Null for a regression. */
  readonly accuracy: number | null;
  /** 95 % Wilson interval of the accuracy; null for a regression. */
  readonly interval: Bounds | null;
  readonly examples: number;
  /** Further metrics by name, the objective first, each with its 95 % bootstrap interval. */
  readonly scores: Readonly<Record<string, { readonly value: number; readonly interval: Bounds }>>;
  /**
   * Metrics that the test split leaves undefined, each with the reason; absent if there are none.
   */
  readonly undefinedScores?: Readonly<Record<string, string>>;
}

/** The figures of a program's best trial. */
export interface ProgramTestResults {
  /** The metrics that the test run reported, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A reading of the test split, whose figures stay those of its trial's model. */
export interface TestReading {
  /** Id of the trial. */
  readonly trial: string;
  /** End of the study with these figures in ISO 8601, UTC. */
  readonly endedAt: string | null;
  readonly test: TestResults | ProgramTestResults;
}

/** The run that measures the best trial of a program. */
export interface TestRunResults extends TrialResults {
  /** Id of the trial that the run measures. */
  readonly tests: string;
}

/**
 * The document that `--json` prints and results.json contains. Field names are part of the
 * command-line interface.
 */
export interface ResultsDocument {
  readonly study: {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly objective: { readonly metric: string; readonly goal: Goal };
    readonly maxTrials: number;
    /** The limits of the search by their names in a spec, each with its use. */
    readonly budget: Readonly<Partial<Record<SearchLimit, LimitUse>>>;
    /** The limit that ended the search while trials were under way; null if none did. */
    readonly spentLimit: SearchLimit | null;
    readonly message: string | null;
    /** Reason why the study, or a trainer of it, waits; null if nothing waits. */
    readonly waiting: string | null;
    /** The facts of the wait; null if nothing waits. */
    readonly waitingFor: WaitingFor | null;
    /** The pause that a person has asked for; null if there is none. */
    readonly pause: { readonly reason: string; readonly since: string | null } | null;
    /** The stop after the running trials that a person has asked for; null if there is none. */
    readonly stopping: { readonly reason: string; readonly since: string | null } | null;
    /** Creation of the study in ISO 8601, UTC. */
    readonly createdAt: string | null;
    /** End of the study in ISO 8601, UTC; null before. */
    readonly endedAt: string | null;
    /** The spec as the coordinator accepted it. */
    readonly spec: unknown;
  };
  readonly trials: readonly TrialResults[];
  /**
   * The trial that the selection rule chose; before the choice, the completed trial with the best
   * objective.
   */
  readonly best: TrialResults | null;
  /** The choice of the best trial and its uncertainty; null before the choice. */
  readonly selection: SelectionResults | null;
  /**
   * The trials that no other one within the limits beats; before the choice, by their measured
   * outcomes. Absent in a study of one objective without limits.
   */
  readonly front?: readonly FrontTrialResults[];
  readonly test: TestResults | ProgramTestResults | null;
  /**
   * Readings of the test split in their order, those before an extension of the study included: a
   * second one is of a model that was chosen after the figures of the first were known.
   */
  readonly testReadings: readonly TestReading[];
  /** The run that measures the best trial of a program, outside of `trials`; null without one. */
  readonly testRun: TestRunResults | null;
  /** Seconds from the study's creation to its end, interruptions included; null before its end. */
  readonly wallSeconds: number | null;
  /** `wallSeconds` without interruptions; null if the coordinator does not count them. */
  readonly activeSeconds: number | null;
}

/**
 * Returns the present results of a study as a document. Pure: the same input gives the same
 * document.
 */
export function resultsDocument(study: Study, trials: readonly Trial[]): ResultsDocument {
  const spec: unknown = study.specJson === "" ? null : JSON.parse(study.specJson);
  const names = parameterNames(spec);
  const results = trials.map((trial) => trialResults(trial, names));
  const front = frontResults(study, trials);
  return {
    study: {
      id: study.id,
      name: study.name,
      state: studyStateName(study.state),
      objective: { metric: study.objectiveMetric, goal: goalName(study.goal) },
      maxTrials: study.maxTrials,
      budget: budgetUse(study),
      spentLimit: limitName(study.spentLimit) ?? null,
      message: study.message || null,
      waiting: study.waiting?.message ?? null,
      waitingFor: waitingFor(study.waiting),
      pause: wishResults(study.pause),
      stopping: wishResults(study.stopping),
      createdAt: study.createdAt?.toISOString() ?? null,
      endedAt: study.endedAt?.toISOString() ?? null,
      spec,
    },
    trials: results,
    best: results.find((trial) => trial.id === study.bestTrialId) ?? null,
    selection: selectionResults(study, trials),
    ...(front === undefined ? {} : { front }),
    test: study.test === undefined ? programTest(study) : testResults(study.test),
    testReadings: study.testReadings.map(readingResults),
    testRun: study.testRun === undefined ? null : { ...trialResults(study.testRun, names), tests: study.testRun.tests },
    wallSeconds: wallSeconds(study),
    activeSeconds: study.activeSeconds > 0 ? study.activeSeconds : null,
  };
}

/** Returns the figures of the test split. Older coordinators send no scores. */
export function testResults(test: TestResult): TestResults {
  const { loss, accuracy, accuracyLow, accuracyHigh, examples, scores, undefinedScores = [] } = test;
  const byName = scores.map(({ name, value, low, high }) => [name, { value, interval: [low, high] as const }] as const);
  const classes = isRegression(scores)
    ? { accuracy: null, interval: null }
    : { accuracy, interval: [accuracyLow, accuracyHigh] as const };
  const reasons = Object.fromEntries(undefinedScores.map(({ name, reason }) => [name, reason]));
  return {
    loss,
    ...classes,
    examples,
    scores: Object.fromEntries(byName),
    ...(undefinedScores.length === 0 ? {} : { undefinedScores: reasons }),
  };
}

/** Returns the figures of a test run; null before its end. Older coordinators send none. */
function programTest({ testMetrics }: Study): ProgramTestResults | null {
  return Object.keys(testMetrics).length === 0 ? null : { metrics: testMetrics };
}

function readingResults({ trialId, endedAt, test, metrics }: Study["testReadings"][number]): TestReading {
  const figures = test === undefined ? { metrics } : testResults(test);
  return { trial: trialId, endedAt: endedAt?.toISOString() ?? null, test: figures };
}

/** Returns true for the figures of a program. */
export function isProgramTest(test: TestResults | ProgramTestResults): test is ProgramTestResults {
  return "metrics" in test;
}

/** Returns true for the scores of a regression, which always has some. */
function isRegression(scores: readonly TestScore[]): boolean {
  return scores.some(({ name }) => Object.hasOwn(SCORES, name) && SCORES[name as ScoreName].task === "regression");
}

function wishResults(wish: Study["pause"] | Study["stopping"]): ResultsDocument["study"]["pause"] {
  return wish === undefined ? null : { reason: wish.reason, since: wish.since?.toISOString() ?? null };
}

function wallSeconds(study: Study): number | null {
  if (study.createdAt === undefined || study.endedAt === undefined) return null;
  return (study.endedAt.getTime() - study.createdAt.getTime()) / 1000;
}
