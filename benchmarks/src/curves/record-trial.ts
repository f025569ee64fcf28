import type { Measurement } from "@sintonia/protocol/measurement";
import type { DataSet } from "@sintonia/training/dataset/data-set";
import type { Engine } from "@sintonia/training/engine/contract/engine";
import { evaluateWeights } from "@sintonia/training/evaluation/evaluate-weights";
import { trainTrial } from "@sintonia/training/trial/train-trial";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { resolvePlan } from "@sintonia/tuning/spec/resolve";
import type { NetworkStudy } from "@sintonia/tuning/spec/study-spec";
import { cpuMs } from "../oracle/cpu-time.js";
import { LOSS_UNIT, type RecordedTrial, ROWS, runLengths } from "./curve-file.js";

const EVALUATION_BATCH = 1000;

/** The trial of a study that is recorded. */
export interface Recording {
  readonly spec: NetworkStudy;
  readonly values: ParameterValues;
  /** Number of the trial, from 0; determines its seed with the spec's. */
  readonly trial: number;
}

/** Trains a trial to its end as a trainer does, without a coordinator, and measures it on test. */
export async function recordTrial(
  { spec, values, trial }: Recording,
  { engine, dataSet }: { readonly engine: Engine; readonly dataSet: DataSet },
): Promise<RecordedTrial> {
  const resolved = resolvePlan(spec, values, trial);
  if (!resolved.ok) throw new Error(`no plan for ${JSON.stringify(values)}`);
  const { plan } = resolved;
  const { train, validation = [0, 0] } = spec.dataset.split as {
    train: [number, number];
    validation?: [number, number];
  };
  const data = { train: await dataSet.train(train), validation: await dataSet.validation(validation) };
  const epochs: Measurement[] = [];
  const startMs = cpuMs();
  const onEpoch = async (measurement: Measurement) => {
    epochs.push(measurement);
    return "continue" as const;
  };
  const result = await trainTrial(plan, { engine, data, onEpoch, now: () => performance.now() });
  const seconds = (cpuMs() - startMs) / 1000 / Math.max(1, epochs.length);
  const base = { trial, values, seed: plan.seeds[0] as number, ...curveOf(epochs), seconds: rounded(seconds) };
  if (result.kind !== "completed") return base;
  const request = { engine, plan, weights: result.weights, examples: await dataSet.test() };
  const { accuracy } = await evaluateWeights({ ...request, batchSize: EVALUATION_BATCH });
  return { ...base, test: Math.round(accuracy * ROWS) };
}

function curveOf(epochs: readonly Measurement[]): Pick<RecordedTrial, "counts" | "losses" | "rates"> {
  return {
    counts: epochs.map(({ metrics }) => Math.round((metrics["val_accuracy"] ?? Number.NaN) * ROWS)),
    losses: epochs.map(({ metrics }) => Math.round((metrics["val_loss"] ?? Number.NaN) / LOSS_UNIT)),
    rates: runLengths(epochs.map(({ learningRate }) => Number(learningRate.toPrecision(6)))),
  };
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(3));
}
