// The traces that tests/keras/record.py recorded: float32 numbers of Keras in their shortest
// decimal form.

import { readdirSync, readFileSync } from "node:fs";
import type { Examples } from "@sintonia/training/dataset/examples";
import type { ModelWeights, NamedTensor } from "@sintonia/training/model/tensor";
import { parseTrainingPlan } from "@sintonia/tuning/plan/schema/parse";
import type {
  CallbackPlan,
  Initializer,
  LearningRateSchedule,
  MetricName,
  TrainingPlan,
} from "@sintonia/tuning/plan/training-plan";

const FOLDER = new URL("../../keras/traces/", import.meta.url);

export interface TrainingTrace {
  readonly name: string;
  readonly plan: TrainingPlan;
  /** The form of the targets, as `readExamples` gives them. @default classes */
  readonly form?: string;
  /** One value for each epoch. */
  readonly orders: readonly (readonly number[])[];
  /**
   * One value for each step. A loss is computed with the weights before the step, as Keras logs it.
   */
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly correct: readonly number[];
  /** Weights after each epoch. */
  readonly evaluations: readonly { readonly loss: number; readonly accuracy: number }[];
  readonly initialWeights: ModelWeights;
  readonly finalWeights: ModelWeights;
}

export interface CallbackTrace {
  readonly name: string;
  /** Callback in the form of a plan, without defaults. */
  readonly callbacks: readonly CallbackPlan[];
  readonly learningRate: number;
  readonly metrics: Readonly<Partial<Record<MetricName, readonly number[]>>>;
  /** After each epoch: the learning rate of the next epoch, and the attributes of each callback. */
  readonly epochs: readonly {
    readonly learningRate: number;
    readonly callbacks: readonly object[];
  }[];
  readonly stopped: boolean;
  /** Epoch whose weights the model has at the end. */
  readonly weightsOfEpoch: number;
}

export interface ScheduleTrace {
  readonly schedule: LearningRateSchedule;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface InitializerStatistics {
  readonly initializer: Initializer;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly stddev: number;
  readonly min: number;
  readonly max: number;
  readonly quartiles: readonly number[];
}

interface RecordedExamples {
  readonly features: number;
  /** Pixels from 0 to 255, row-major. */
  readonly pixels: readonly number[];
  readonly labels: readonly number[];
}

export function readTrainingTraces(): TrainingTrace[] {
  const files = readdirSync(new URL("training/", FOLDER)).sort();
  return files.map((file) => {
    const trace = read<TrainingTrace>(`training/${file}`);
    const [initialWeights, finalWeights] = [trace.initialWeights.map(tensor), trace.finalWeights.map(tensor)];
    return { ...trace, plan: parse(trace.plan), initialWeights, finalWeights };
  });
}

/** Returns the examples with targets of a form. Weights are those of the training rows. */
export function readExamples(form = "classes"): { readonly train: Examples; readonly validation: Examples } {
  const { train, validation } = read<Record<"train" | "validation", RecordedExamples>>("examples.json");
  const [kind, isWeighted] = [form.replace("weighted ", ""), form.startsWith("weighted ")];
  // As row_weights of tests/keras/training.py.
  const weights = isWeighted ? { weights: Float32Array.from(train.labels, (label) => 0.25 * (1 + (label % 4))) } : {};
  return { train: { ...examples(train, kind), ...weights }, validation: examples(validation, kind) };
}

export function readCallbackTraces(): readonly CallbackTrace[] {
  return read<{ traces: CallbackTrace[] }>("callbacks.json").traces;
}

export function readScheduleTraces(): readonly ScheduleTrace[] {
  return read<{ traces: ScheduleTrace[] }>("schedules.json").traces;
}

export function readInitializerStatistics(): readonly InitializerStatistics[] {
  return read<{ statistics: InitializerStatistics[] }>("initializers.json").statistics;
}

/** Completes the parts of a plan, in JSON form, with the defaults that Keras used. */
export function planWith({
  layers,
  training,
}: {
  readonly layers?: unknown;
  readonly training?: object;
}): TrainingPlan {
  return parse({
    dataset: { name: "mnist", split: { train: [0, 1], validation: [1, 2] } },
    objective: { metric: "val_accuracy", goal: "maximize" },
    model: { layers: layers ?? [{ units: 10, activation: "softmax" }] },
    training: { optimizer: "adam", loss: "categorical_crossentropy", batchSize: 1, maxEpochs: 1, ...training },
    seeds: [1],
  });
}

function parse(plan: unknown): TrainingPlan {
  const result = parseTrainingPlan(plan);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
}

function tensor({ name, shape, values }: NamedTensor): NamedTensor {
  return { name, shape, values: Float32Array.from(values) };
}

function examples({ features, pixels, labels }: RecordedExamples, form: string): Examples {
  const inputs = Float32Array.from(pixels, (pixel) => pixel / 255);
  return { count: labels.length, features, inputs, targets: targetsOf(form, labels) };
}

/** As targets_of of tests/keras/training.py. */
function targetsOf(form: string, labels: readonly number[]): Examples["targets"] {
  switch (form) {
    case "two classes":
      return { kind: "classes", labels: Uint8Array.from(labels, (label) => (label >= 5 ? 1 : 0)), classes: 2 };
    case "one value":
      return { kind: "values", values: Float32Array.from(labels, (label) => label / 4 - 1), width: 1 };
    case "two values":
      return {
        kind: "values",
        values: Float32Array.from(labels.flatMap((label) => [label % 3, 2 - label / 8])),
        width: 2,
      };
    default:
      return { kind: "classes", labels: Uint8Array.from(labels), classes: 10 };
  }
}
