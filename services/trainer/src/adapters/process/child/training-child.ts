import { createHash } from "node:crypto";
import type { DataSet } from "@sintonia/training/dataset/data-set";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import type { Engine } from "@sintonia/training/engine/engine";
import { ModelShapeError } from "@sintonia/training/engine/engine-error";
import { startEngine } from "@sintonia/training/engine/start";
import { encodeSafetensors } from "@sintonia/training/model/safetensors";
import {
  type EpochMeasurement,
  type TrainingData,
  type TrialResult,
  trainTrial,
} from "@sintonia/training/trial/train-trial";
import { parseTrainingPlan } from "@sintonia/tuning/plan/parse";
import type { DataSetName, TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { ChildSettings, Command, Report, Verdict } from "../protocol.js";

/** An engine that was started, with the data sets that trials have used: both serve one trial after the other. */
interface Workshop {
  readonly settings: ChildSettings;
  readonly engine: Engine;
  readonly dataSets: Map<DataSetName, DataSet>;
}

/** Carries out the commands of the trainer. */
export class TrainingChild {
  readonly #send: (report: Report) => void;
  #workshop: Workshop | undefined;
  #answer: ((verdict: Verdict) => void) | undefined;

  constructor(send: (report: Report) => void) {
    this.#send = send;
  }

  receive(command: Command): void {
    switch (command.type) {
      case "start":
        void this.#start(command.settings);
        break;
      case "train":
        void this.#train(command.planJson);
        break;
      case "answer":
        this.#answer?.(command.verdict);
        break;
    }
  }

  async #start(settings: ChildSettings): Promise<void> {
    try {
      const engine = await startEngine(settings.engine, {
        threads: settings.threads,
        gpu: settings.gpu,
        // Optional engines are dependencies of the trainer, so it is from here that they can be found.
        importModule: (name: string) => import(name),
      });
      this.#workshop = { settings, engine, dataSets: new Map() };
      this.#send({ type: "ready", description: engine.description });
    } catch (error) {
      this.#send({ type: "engine-failed", ...describe(error) });
    }
  }

  async #train(planJson: string): Promise<void> {
    try {
      if (this.#workshop === undefined) throw new Error("no engine was started");
      const plan = readPlan(planJson);
      const data = await this.#openData(plan, this.#workshop);
      const onEpoch = (measurement: EpochMeasurement) => this.#ask(measurement);
      const { engine } = this.#workshop;
      const result = await trainTrial(plan, { engine, data, onEpoch, now: () => performance.now() });
      this.#send(outcome(result, plan));
    } catch (error) {
      // Values that make no valid model are the oracle's to learn from, not a fault.
      const { message, stack } = describe(error);
      this.#send(
        error instanceof ModelShapeError ? { type: "infeasible", message } : { type: "failed", message, stack },
      );
    }
  }

  async #openData({ dataset }: TrainingPlan, { settings, dataSets }: Workshop): Promise<TrainingData> {
    let dataSet = dataSets.get(dataset.name);
    if (dataSet === undefined) {
      const { dataDir, cacheDir, allowDownload } = settings;
      dataSet = await openDataSet(dataset.name, { folder: dataDir, cacheDir, allowDownload });
      dataSets.set(dataset.name, dataSet);
      this.#send({ type: "data-opened", name: dataset.name, ...dataSet.source });
    }
    const { train, validation } = dataset.split;
    return {
      train: await dataSet.train(train),
      ...(validation === undefined ? {} : { validation: await dataSet.validation(validation) }),
    };
  }

  #ask(measurement: EpochMeasurement): Promise<Verdict> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#send({ type: "epoch", measurement: { ...measurement, metrics: { ...measurement.metrics } } });
    });
  }
}

/** @throws {Error} that lists the problems of the plan in one line */
function readPlan(planJson: string): TrainingPlan {
  const parsed = parseTrainingPlan(JSON.parse(planJson));
  if (parsed.ok) return parsed.plan;
  const problems = parsed.problems.map(({ path, expected }) => `${path}: expected ${expected}`);
  throw new Error(`The training plan is not valid: ${problems.join("; ")}`);
}

function outcome(result: TrialResult, { model }: TrainingPlan): Report {
  switch (result.kind) {
    case "completed": {
      const bytes = encodeSafetensors(result.weights, model.layers);
      return { type: "completed", bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
    }
    case "infeasible":
      return { type: "infeasible", message: result.message };
    case "stopped":
      return { type: "stopped" };
  }
}

function describe(error: unknown): { message: string; stack: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  return { message: error.message.split("\n", 1)[0] ?? error.name, stack: error.stack };
}
