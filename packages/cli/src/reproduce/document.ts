import { wilsonInterval } from "@sintonia/training/evaluation/wilson-interval";
import type { ParameterValue } from "@sintonia/tuning/space/parameter";
import type { NamedDataStudy } from "@sintonia/tuning/spec/study-spec";
import { isProgramTest, type ResultsDocument } from "../study/documents/results.js";

/** A measured accuracy beside the published one. */
export interface Comparison {
  /** The measured accuracy; null if there is none. */
  readonly here: {
    readonly accuracy: number;
    /** 95 % Wilson interval. */
    readonly interval: readonly [low: number, high: number];
    readonly examples: number;
  } | null;
  /** The published accuracy; null if there is none. */
  readonly published: number | null;
  /**
   * Percentage points from the interval to the published figure: negative below the interval, 0
   * inside. Null if one of the two is missing or they are not comparable.
   */
  readonly outsideBy: number | null;
}

/** The results of one experiment. */
export interface ExperimentEntry {
  readonly name: string;
  readonly dataset: string;
  /** State of the study: completed, stopped or failed. */
  readonly state: string;
  /** Reason why the study or its refit has no result; null if both have one. */
  readonly message: string | null;
  readonly trials: number;
  /** Parameter values of the best trial; null if no trial completed. */
  readonly found: Readonly<Record<string, ParameterValue>> | null;
  readonly publishedValues: Readonly<Record<string, number | string>> | null;
  /** Validation accuracy of the selected trial. */
  readonly validation: Comparison;
  /** Test accuracy of the best model. */
  readonly test: Comparison;
  /** Test accuracy of the best model after training on training and validation rows together. */
  readonly refit: Comparison & { readonly epochs: number | null };
  /** Epochs of all trials of the study, without the refit. */
  readonly epochs: number;
  /**
   * Seconds from creation to end of the study plus those of the refit, interruptions between runs
   * included.
   */
  readonly wallSeconds: number;
  /**
   * `wallSeconds` without the interruptions that the coordinator counts. Documents of 0.1 lack it.
   */
  readonly activeSeconds?: number;
  /** Sum of the durations of all trials of the study and the refit, in seconds. */
  readonly trialSeconds: number;
}

/**
 * The document that `--json` prints and reproduce.json contains. Field names are part of the
 * command-line interface.
 */
export interface ReproductionDocument {
  /** Format version. It changes when a field is removed or changes its meaning. */
  readonly format: 1;
  /**
   * True if `--quick` reduced the studies. Their figures are then not comparable with the published
   * ones.
   */
  readonly quick: boolean;
  /** Environment of the last command that trained. */
  readonly environment: Environment;
  /** Ended experiments in the order of the lab sheet. */
  readonly experiments: readonly ExperimentEntry[];
}

/** The software and the machine on which the figures were measured. */
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

/**
 * The results of an experiment: those of its study, and those of the refit if there was a best
 * model.
 */
export interface EndedExperiment {
  readonly spec: NamedDataStudy;
  readonly results: ResultsDocument;
  readonly refit: ResultsDocument | undefined;
}

/**
 * Returns the entry of an ended experiment.
 *
 * @param comparable - false if the published figures are only shown and not compared
 */
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
    test: compare(accuracyOf(results.test), published?.testAccuracy),
    refit: {
      ...compare(accuracyOf(refit?.test ?? null), published?.refitTestAccuracy),
      epochs: refit?.best?.epochs ?? null,
    },
    epochs: sum(results.trials.map(({ epochs }) => epochs)),
    wallSeconds: sum(documents.map(({ wallSeconds }) => wallSeconds ?? 0)),
    activeSeconds: sum(documents.map(({ activeSeconds, wallSeconds }) => activeSeconds ?? wallSeconds ?? 0)),
    trialSeconds: sum(documents.flatMap(({ trials }) => trials.map(({ seconds }) => seconds ?? 0))),
  };
}

/** Returns the accuracy of a test result; null for a regression. */
function accuracyOf(test: ResultsDocument["test"]): Comparison["here"] {
  if (test === null || isProgramTest(test) || test.accuracy === null || test.interval === null) return null;
  const { accuracy, interval, examples } = test;
  return { accuracy, interval, examples };
}

/**
 * Sorts published values by `names`, because a spec read from JSON may contain them in another
 * order.
 */
function inOrderOf<T>(names: readonly string[], values: Readonly<Record<string, T>>): Record<string, T> {
  const place = ([name]: [string, T]): number => names.indexOf(name);
  return Object.fromEntries(Object.entries(values).sort((a, b) => place(a) - place(b)));
}

/**
 * Returns the validation accuracy of the best trial with its interval; null if the objective is
 * another metric.
 */
function validationOf({ dataset }: NamedDataStudy, { study, best }: ResultsDocument): Comparison["here"] {
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
