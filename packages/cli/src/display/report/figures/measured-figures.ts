// Words that say whether a figure is a mean over executions or belongs to one model.

import { keptExecution } from "../../../study/documents/kept-execution.js";
import type { ProgramTestResults, ResultsDocument, TestResults } from "../../../study/documents/results.js";
import type { TrialResults } from "../../../study/documents/trial-results.js";
import { numberText, percent } from "../../../study/number-text.js";

/** Returns the objective of a completed trial: a mean is called so. */
export function objectiveText({ objective, executions }: TrialResults): string {
  if (objective === null) return "-";
  const value = numberText(objective);
  return executions.length > 1 ? `${value}, the mean of ${executions.length} executions` : value;
}

/** The execution whose model is the study's best model. */
export interface ModelExecution {
  /** Number of the execution within the trial, from 1. */
  readonly number: number;
  readonly count: number;
  readonly objective: number;
}

/** Returns the execution that made the best model; undefined without several executions. */
export function modelExecution({ study, best }: Pick<ResultsDocument, "study" | "best">): ModelExecution | undefined {
  const { executions = [] } = best ?? {};
  if (executions.length < 2) return undefined;
  const index = keptExecution(executions, study.objective.goal);
  return { number: index + 1, count: executions.length, objective: executions[index] as number };
}

/** Returns the words after a figure that name the model of the figure; empty for one execution. */
export function modelText(results: Pick<ResultsDocument, "study" | "best">): string {
  const model = modelExecution(results);
  if (model === undefined) return "";
  const { metric } = results.study.objective;
  return ` of one model: execution ${model.number} of ${model.count}, ${metric} ${numberText(model.objective)}`;
}

/** A figure of the test split with its interval, as text. */
interface TestFigure {
  readonly name: string;
  readonly text: string;
}

/** Returns the accuracy, if there is one, and the further metrics of a test split. */
export function testFigures(test: TestResults): TestFigure[] {
  const { accuracy, interval } = test;
  if (accuracy === null || interval === null) return scoreFigures(test);
  const [low, high] = interval.map(percent);
  const text = `${percent(accuracy)}, 95 % interval ${low} to ${high}`;
  return [{ name: "accuracy", text }, ...scoreFigures(test)];
}

/** Returns the metrics that a test run reported. Only the program could know their intervals. */
export function programFigures({ metrics }: ProgramTestResults): TestFigure[] {
  return Object.entries(metrics).map(([name, value]) => ({ name, text: numberText(value) }));
}

/** Returns the further metrics of a test split; the reason of one that has no value. */
export function scoreFigures({ scores, undefinedScores = {} }: TestResults): TestFigure[] {
  const missing = Object.entries(undefinedScores).map(([name, reason]) => ({ name, text: `undefined: ${reason}` }));
  const measured = Object.entries(scores).map(([name, { value, interval }]) => {
    const [low, high] = interval.map((end) => numberText(end));
    return { name, text: `${numberText(value)}, 95 % interval ${low} to ${high}` };
  });
  return [...measured, ...missing];
}
