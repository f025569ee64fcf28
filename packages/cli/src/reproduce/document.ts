import { wilsonInterval } from "@sintonia/training/evaluation/wilson-interval";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import type { ResultsDocument } from "../study/documents/results.js";

/** An accuracy that we measured, beside one that was published. */
export interface Comparison {
  /** Null if nothing was measured. */
  readonly here: {
    readonly accuracy: number;
    /** 95 % Wilson interval. */
    readonly interval: readonly [low: number, high: number];
    readonly examples: number;
  } | null;
  /** Null if nothing was published. */
  readonly published: number | null;
  /**
   * Percentage points from the interval to the published figure, negative below it; 0 inside it. Null if one of the two is
   * missing or they cannot be compared.
   */
  readonly outsideBy: number | null;
}

/** One row of the table. */
export interface ExperimentEntry {
  readonly name: string;
  readonly dataset: string;
  /** Of the study: completed, stopped or failed. */
  readonly state: string;
  /** Why the study or its refit ended without a result; null if they did not. */
  readonly message: string | null;
  readonly trials: number;
  /** Parameter values of the best trial; null if no trial completed. */
  readonly found: Readonly<Record<string, ParameterValue>> | null;
  readonly publishedValues: Readonly<Record<string, number | string>> | null;
  /** Validation accuracy of the trial that was chosen as the best. */
  readonly validation: Comparison;
  /** The best model on the test split. */
  readonly test: Comparison;
  /** The best model trained again on training and validation rows, on the test split. */
  readonly refit: Comparison & { readonly epochs: number | null };
  /** Trained in all trials of the study, without the refit. */
  readonly epochs: number;
  /** From the study's creation to its end and the same of the refit, in seconds; pauses between runs count. */
  readonly wallSeconds: number;
  /** What the trials of both took, in seconds. */
  readonly trialSeconds: number;
}

/** What `--json` prints and `reproduce.json` holds. Field names are part of the command's interface. */
export interface ReproductionDocument {
  /** Changes when a field changes its meaning or goes. */
  readonly format: 1;
  /** Whether the studies were made so small that their figures compare with nothing. */
  readonly quick: boolean;
  /** Of the last command that trained something. */
  readonly environment: Environment;
  /** In the order of the lab sheet; only those that have ended. */
  readonly experiments: readonly ExperimentEntry[];
}

export interface Environment {
  readonly sintonia: string;
  readonly node: string;
  /** For example "linux x64". */
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly engine: string;
  readonly trainers: number;
}

/** What became of an experiment: its study, and the refit unless there was no best model. */
export interface EndedExperiment {
  readonly spec: StudySpec;
  readonly results: ResultsDocument;
  readonly refit: ResultsDocument | undefined;
}

/** One row from the results of an experiment. `comparable` is false where published figures are shown only. */
export function experimentEntry({ spec, results, refit }: EndedExperiment, comparable: boolean): ExperimentEntry {
  const { published, dataset } = spec;
  const compare = (here: Comparison["here"], figure: number | undefined): Comparison => ({
    here,
    published: figure ?? null,
    outsideBy: here === null || figure === undefined || !comparable ? null : outsideBy(here.interval, figure),
  });
  const documents = refit === undefined ? [results] : [results, refit];
  return {
    name: spec.name,
    dataset: dataset.name,
    state: results.study.state,
    message: results.study.message ?? refit?.study.message ?? null,
    trials: results.trials.length,
    found: results.best?.values ?? null,
    publishedValues: published?.values === undefined ? null : inOrderOf(Object.keys(spec.parameters), published.values),
    validation: compare(validationOf(spec, results), published?.valAccuracy),
    test: compare(results.test, published?.testAccuracy),
    refit: {
      ...compare(refit?.test ?? null, published?.refitTestAccuracy),
      epochs: refit?.best?.epochs ?? null,
    },
    epochs: sum(results.trials.map(({ epochs }) => epochs)),
    wallSeconds: sum(documents.map(({ wallSeconds }) => wallSeconds ?? 0)),
    trialSeconds: sum(documents.flatMap(({ trials }) => trials.map(({ seconds }) => seconds ?? 0))),
  };
}

/** Specs that went through JSON have the fields of `published` in another order than their parameters. */
function inOrderOf<T>(names: readonly string[], values: Readonly<Record<string, T>>): Record<string, T> {
  const place = ([name]: [string, T]): number => names.indexOf(name);
  return Object.fromEntries(Object.entries(values).sort((a, b) => place(a) - place(b)));
}

/** The objective, which all the experiments take from the validation, with its interval. */
function validationOf({ dataset }: StudySpec, { study, best }: ResultsDocument): Comparison["here"] {
  const rows = dataset.split.validation;
  const accuracy = best?.objective ?? null;
  if (rows === undefined || accuracy === null || study.objective.metric !== "val_accuracy") return null;
  const examples = rows[1] - rows[0];
  const { low, high } = wilsonInterval(Math.round(accuracy * examples), examples);
  return { accuracy, interval: [low, high], examples };
}

function outsideBy([low, high]: readonly [number, number], figure: number): number {
  if (figure < low) return (figure - low) * 100;
  return figure > high ? (figure - high) * 100 : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
