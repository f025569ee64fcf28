import { createHash } from "node:crypto";
import { DataCache } from "@sintonia/data/dataset/data-cache";
import { DataError } from "@sintonia/data/error/data-error";
import type { TrainingDirective } from "@sintonia/protocol/directive";
import type { Measurement } from "@sintonia/protocol/measurement";
import { nameOf, SHA256, type Sha256 } from "@sintonia/protocol/names";
import {
  CheckpointError,
  type CheckpointOwner,
  decodeCheckpoint,
  encodeCheckpoint,
} from "@sintonia/training/checkpoint/checkpoint-file";
import type { DataSet } from "@sintonia/training/dataset/data-set";
import { openDataSet } from "@sintonia/training/dataset/data-set";
import { DataSetError } from "@sintonia/training/dataset/data-set-error";
import type { Engine } from "@sintonia/training/engine/contract/engine";
import { startEngine } from "@sintonia/training/engine/engines";
import { measureNetwork } from "@sintonia/training/evaluation/model-facts";
import { ModelShapeError } from "@sintonia/training/model/model-shape";
import { encodeSafetensors } from "@sintonia/training/model-file/safetensors";
import { UnsuitableEngineError } from "@sintonia/training/module/train-module";
import { ModuleError } from "@sintonia/training/module/user/module-error";
import { trainTrial } from "@sintonia/training/trial/train-trial";
import type { TrainingData } from "@sintonia/training/trial/trial";
import type { TrialState } from "@sintonia/training/trial/trial-state";
import { isModulePlan, isProgramPlan, type ProgramPlan, type TrialPlan } from "@sintonia/tuning/plan/program-plan";
import { parseTrialPlan } from "@sintonia/tuning/plan/schema/parse";
import { type DataSetName, isFileDataSet } from "@sintonia/tuning/plan/training-plan";
import type { ChildSettings, Command, Report } from "../protocol.js";
import { type ModuleOutcome, runModuleTrial, UnsuitableTrainerError } from "./module-trial.js";
import { openOwnData } from "./own-data.js";

/** A plan that an engine trains. */
type EnginePlan = Exclude<TrialPlan, ProgramPlan>;

/** A started engine and the data sets that are open. Successive trials share them. */
interface TrainingResources {
  readonly settings: ChildSettings;
  readonly engine: Engine;
  readonly dataSets: Map<DataSetName, DataSet>;
  readonly ownData: DataCache;
}

/** The progress of the trial in training. */
interface Progress {
  readonly owner: CheckpointOwner;
  readonly token: number;
  /** State after the epoch that the trainer has not answered yet. */
  reported?: TrialState;
  /**
   * State after the last epoch that the trainer answered with "continue". Checkpoints contain this
   * state.
   */
  accepted?: TrialState;
}

/** Carries out the commands of the trainer. */
export class TrainingChild {
  readonly #send: (report: Report) => void;
  #resources: TrainingResources | undefined;
  #progress: Progress | undefined;
  #answer: ((directive: TrainingDirective) => void) | undefined;

  constructor(send: (report: Report) => void) {
    this.#send = send;
  }

  receive(command: Command): void {
    switch (command.type) {
      case "start":
        void this.#start(command.settings);
        break;
      case "train":
        void this.#train(command);
        break;
      case "answer":
        this.#takeAnswer(command.directive);
        break;
      case "save":
        this.#save();
        break;
    }
  }

  async #start(settings: ChildSettings): Promise<void> {
    try {
      const engine = await startEngine(settings.engine, {
        threads: settings.threads,
        gpu: settings.gpu,
        // Optional engines are dependencies of the trainer, so their import must start from a file
        // of the trainer.
        importModule: (name: string) => import(name),
      });
      this.#resources = { settings, engine, dataSets: new Map(), ownData: new DataCache() };
      this.#send({ type: "ready", description: engine.description });
    } catch (error) {
      this.#send({ type: "engine-failed", ...describe(error) });
    }
  }

  async #train(command: TrainCommand): Promise<void> {
    const report = await this.#runTrial(command).catch(faultReport);
    // Reset before the report, since the next trial may follow it at once.
    this.#progress = undefined;
    this.#answer = undefined;
    this.#send(report);
  }

  async #runTrial({ planJson, lease, files, checkpoint }: TrainCommand): Promise<Report> {
    if (this.#resources === undefined) throw new Error("no engine was started");
    const { engine, settings } = this.#resources;
    const plan = readPlan(planJson);
    const progress: Progress = {
      owner: { trial: `${lease.studyId}/${lease.trialId}`, plan, engine },
      token: lease.token,
    };
    this.#progress = progress;
    let state: TrialState | undefined;
    if (checkpoint !== undefined) {
      state = decodeCheckpoint(checkpoint, progress.owner);
      const accepted = { type: "accepted", execution: state.execution, epoch: state.epoch - 1 } as const;
      if ((await this.#ask(accepted, state)) === "stop") return { type: "stopped" };
    }
    const resources = this.#resources;
    let examples = 0;
    const dataOf = async (execution: number): Promise<TrainingData> => {
      const data = await this.#openData(plan, { files, fold: plan.folds?.[execution] }, resources);
      examples = data.train.count;
      return data;
    };
    const context = {
      engine,
      data: await dataOf(state?.execution ?? 0),
      dataOf,
      onEpoch: (measurement: Measurement, reached: TrialState) =>
        this.#ask(epochReport(measurement, examples), reached),
      now: () => performance.now(),
      ...(state === undefined ? {} : { state }),
    };
    if (isModulePlan(plan)) return outcome(await runModuleTrial(plan, context, { settings, files }));
    const result = await trainTrial(plan, context);
    if (result.kind !== "completed") return outcome(result);
    const { data, now } = context;
    const facts = await measureNetwork(plan, { engine, weights: result.weights, examples: data.train, now });
    return outcome({ ...result, bytes: encodeSafetensors(result.weights, plan.model.layers), facts });
  }

  async #openData(
    { dataset }: EnginePlan,
    source: { readonly files: TrainCommand["files"]; readonly fold: number | undefined },
    { settings, dataSets, ownData }: TrainingResources,
  ): Promise<TrainingData> {
    if (isFileDataSet(dataset)) return openOwnData(ownData, dataset, source);
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

  #ask(report: Report, state: TrialState): Promise<TrainingDirective> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      if (this.#progress !== undefined) this.#progress.reported = state;
      this.#send(report);
    });
  }

  /** Records the accepted state at once: a command to save may follow before training resumes. */
  #takeAnswer(directive: TrainingDirective): void {
    const { reported } = this.#progress ?? {};
    if (this.#progress !== undefined && directive === "continue" && reported !== undefined)
      this.#progress.accepted = reported;
    this.#answer?.(directive);
  }

  #save(): void {
    try {
      const { owner, token, accepted } = this.#progress ?? {};
      if (owner === undefined || token === undefined || accepted === undefined)
        throw new Error("no epoch was accepted");
      const bytes = encodeCheckpoint(accepted, owner, token);
      const { execution, epoch } = accepted;
      this.#send({ type: "checkpoint", bytes, sha256: sha256Of(bytes), execution, epoch: epoch - 1 });
    } catch (error) {
      this.#send({ type: "unsaved", message: describe(error).message });
    }
  }
}

type TrainCommand = Extract<Command, { type: "train" }>;

function epochReport(measurement: Measurement, examples: number): Report {
  return { type: "epoch", measurement: { ...measurement, metrics: { ...measurement.metrics } }, examples };
}

/**
 * Reports an error of a trial. Values that make no valid model are infeasible, so that the oracle
 * learns from them. An unusable checkpoint does not fail the trial, and neither does a data set
 * that this machine cannot read.
 */
function faultReport(error: unknown): Report {
  const { message, stack } = describe(error);
  if (error instanceof CheckpointError) return { type: "refused", message };
  if (error instanceof DataSetError && error.code !== "rows") return { type: "data-unusable", message, stack };
  if (error instanceof DataError && error.code === "unreadable") return { type: "data-unusable", message, stack };
  if (error instanceof UnsuitableTrainerError || error instanceof UnsuitableEngineError)
    return { type: "unsuitable", message };
  const isInfeasible = error instanceof ModelShapeError || (error instanceof ModuleError && error.isInfeasible);
  return isInfeasible ? { type: "infeasible", message } : { type: "failed", message, stack };
}

/**
 * Parses a training plan.
 *
 * @throws {Error} that lists the problems of the plan in one line
 */
function readPlan(planJson: string): EnginePlan {
  const parsed = parseTrialPlan(JSON.parse(planJson));
  if (parsed.ok && !isProgramPlan(parsed.plan)) return parsed.plan;
  if (parsed.ok) throw new Error("The plan is that of a program, which no engine runs.");
  const problems = parsed.problems.map(({ path, expected }) => `${path}: expected ${expected}`);
  throw new Error(`The training plan is not valid: ${problems.join("; ")}`);
}

function outcome(result: ModuleOutcome): Report {
  switch (result.kind) {
    case "completed": {
      const { bytes, facts } = result;
      const sha256 = sha256Of(bytes);
      return { type: "completed", bytes, sha256, keptEpochs: [...result.keptEpochs], facts: { ...facts } };
    }
    case "infeasible":
      return { type: "infeasible", message: result.message };
    case "stopped":
      return { type: "stopped" };
  }
}

function sha256Of(bytes: Uint8Array): Sha256 {
  return nameOf(SHA256, createHash("sha256").update(bytes).digest("hex"));
}

function describe(error: unknown): { message: string; stack: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined };
  return { message: error.message.split("\n", 1)[0] ?? error.name, stack: error.stack };
}
