import { join } from "node:path";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import { CURVES_FOLDER, fromRunLengths, type RecordedTrial, ROWS, readCurves } from "../../curves/curve-file.js";
import { publishedStudy } from "../../curves/published-study.js";

/** Facts about a recorded set that its file does not hold. */
export interface SetFacts {
  readonly name: string;
  readonly validationRows: number;
  /** Validation rows as the coordinator knows them; undefined for a program. */
  readonly statedRows: number | undefined;
  readonly testRows: number;
  readonly maxEpochs: number;
  /** Trials of a study: the budget of the spec. */
  readonly budget: number;
  readonly space: SearchSpace;
}

/** A recorded trial, with what a replay reads at each epoch. */
export interface ReplayTrial {
  readonly recorded: RecordedTrial;
  /** The objectives up to each epoch. Pruners may remember the arrays, which never change. */
  readonly objectives: readonly (readonly number[])[];
  /** The learning rates up to each epoch. */
  readonly learningRates: readonly (readonly number[])[];
  /** Best objective of the whole curve. */
  readonly best: number;
  /** Test accuracy; undefined if the training diverged. */
  readonly test: number | undefined;
}

/** A recorded set. */
export interface RecordedSet extends SetFacts {
  readonly trials: readonly ReplayTrial[];
}

const EXPERIMENT_NAMES = [
  "mnist-init",
  "fashion-init",
  "mnist-learning-rate",
  "fashion-learning-rate",
  "mnist-architecture",
  "fashion-architecture",
];

/** The space of digits.py. */
const DIGITS_SPACE: SearchSpace = {
  learningRate: { type: "double", min: 1e-4, max: 0.3, scale: "log" },
  units: { type: "integer", min: 4, max: 256, step: 1, scale: "log" },
  batchSize: { type: "integer", min: 8, max: 256, step: 1, scale: "log" },
  alpha: { type: "double", min: 1e-6, max: 1, scale: "log" },
  momentum: { type: "double", min: 0, max: 0.95, scale: "linear" },
};

/** Trials of a set for each trial of a study. With fewer the replays would be too alike. */
const SURPLUS = 1.5;

/** Returns true for a set with enough trials for replays. */
export function isReplayed({ trials, budget }: RecordedSet): boolean {
  return trials.length >= SURPLUS * budget;
}

/** Reads all recorded sets. */
export function readSets(folder: string = CURVES_FOLDER): RecordedSet[] {
  const digits = {
    validationRows: 400,
    statedRows: undefined,
    testRows: 597,
    maxEpochs: 50,
    budget: 20,
    space: DIGITS_SPACE,
  };
  const facts = [...EXPERIMENT_NAMES.map(factsOfExperiment), { name: "digits-program", ...digits }];
  return facts.map((fact) => readSet(fact, folder));
}

function factsOfExperiment(name: string): SetFacts {
  const { parameters: space, training, budget } = publishedStudy(name);
  const { maxEpochs } = training as { maxEpochs: number };
  return { name, validationRows: ROWS, statedRows: ROWS, testRows: ROWS, maxEpochs, budget: budget.maxTrials, space };
}

function readSet(facts: SetFacts, folder: string): RecordedSet {
  const recorded = readCurves(join(folder, `${facts.name}.ndjson`));
  return {
    ...facts,
    trials: recorded.filter(({ counts }) => counts.length > 0).map((trial) => replayTrial(trial, facts)),
  };
}

function replayTrial(recorded: RecordedTrial, { validationRows, testRows }: SetFacts): ReplayTrial {
  const values = recorded.counts.map((count) => count / validationRows);
  const rates = fromRunLengths(recorded.rates);
  return {
    recorded,
    objectives: values.map((_, epoch) => values.slice(0, epoch + 1)),
    learningRates: rates.map((_, epoch) => rates.slice(0, epoch + 1)),
    best: Math.max(...values),
    test: recorded.test === undefined ? undefined : recorded.test / testRows,
  };
}
