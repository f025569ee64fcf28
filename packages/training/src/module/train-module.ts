import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import { moduleRuleFindings } from "@sintonia/tuning/plan/rules";
import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import { formatProblems, toProblems } from "@sintonia/tuning/validation/problems";
import { dataFacts } from "../dataset/data-facts.js";
import type { Engine } from "../engine/contract/engine.js";
import { deviceOf } from "../engine/tfjs/tfjs-engine.js";
import { type ModelFacts, measureFacts } from "../evaluation/model-facts.js";
import { sizeOf } from "../model/model-shape.js";
import { MODULE_WEIGHTS_MAX_BYTES } from "../model-file/size-limit.js";
import { batchwise, type ExecutionSession, type ExecutionStart } from "../trial/execution-session.js";
import { trainExecutions } from "../trial/train-trial.js";
import type { EpochsPlan, TrialContext, TrialResult } from "../trial/trial.js";
import { fitSession } from "./fit/fit-session.js";
import { type BuiltModel, noteKnownClasses } from "./model/built-model.js";
import { outputFault } from "./model/module-loss.js";
import { ModuleSession } from "./model/module-session.js";
import { type ModuleTrial, openModel } from "./model/open-model.js";
import { moduleDataset } from "./user/module-dataset.js";
import { ModuleError } from "./user/module-error.js";
import { importModule } from "./user/user-module.js";

/** An engine that cannot train a module's model. */
export class UnsuitableEngineError extends Error {
  override readonly name = "UnsuitableEngineError";

  constructor({ name }: Pick<Engine, "name">) {
    const advice = "start the trainer with SINTONIA_ENGINE=tfjs-node, tfjs-node-gpu or tfjs, or run with --engine";
    super(`engine ${name} cannot train the model of a module; ${advice}`);
  }
}

/** The model of a module's trial, as its file needs it. */
export interface ModuleModelFacts {
  /** Layers in the form of tfjs. */
  readonly topology: unknown;
  /** Loss of the evaluation. */
  readonly loss: LossPlan;
}

/** The end of a module's trial. `model` is the same for all executions. */
export interface ModuleResult {
  readonly result: TrialResult;
  readonly model: ModuleModelFacts;
  /** The facts that the plan asks for. */
  readonly facts: ModelFacts;
}

/** Everything that a module's trial needs beside its plan. */
export interface ModuleContext extends TrialContext {
  /** Folder of the module's files. */
  readonly folder: string;
}

/** Rows whose outputs are checked before the training. */
const PROBE_ROWS = 4;

/**
 * Trains the model of a module, as `trainTrial` trains a network: the same loop, callbacks,
 * checkpoints and kept epochs.
 *
 * @throws {ModuleError} if the module throws, or gives no model that can be trained
 * @throws {UnsuitableEngineError} if the engine is not one of tfjs
 */
export async function trainModule(plan: ModulePlan, context: ModuleContext): Promise<ModuleResult> {
  const { engine, folder, data } = context;
  const device = deviceOf(engine);
  if (device === undefined) throw new UnsuitableEngineError(engine);
  noteKnownClasses(device.backend.tf);
  const module = await importModule({ folder, module: plan.model.module });
  const misfits = toProblems(moduleRuleFindings({ ...plan, facts: dataFacts(data) }));
  if (misfits.length > 0) {
    throw new ModuleError(formatProblems(misfits).replaceAll("\n", "; "), { isInfeasible: true });
  }
  const trial = { device, module, plan, facts: moduleDataset(plan.dataset, data.train) };
  const { learningRate, facts, ...model } = await probe(trial, context);
  const open = (start: ExecutionStart) => openExecution(trial, start, model);
  const result = await trainExecutions(withLearningRate(plan, learningRate), { ...context, open });
  return { result, model, facts };
}

function withLearningRate(
  plan: ModulePlan,
  learningRate: EpochsPlan["training"]["optimizer"]["learningRate"],
): EpochsPlan {
  return { ...plan, training: { ...plan.training, optimizer: { learningRate } } };
}

/**
 * Builds the model once to check it before the first epoch, measures the asked facts, and disposes
 * of it. Facts do not depend on the values of the weights.
 */
async function probe(trial: ModuleTrial, { data, now }: ModuleContext) {
  const [seed = 0] = trial.plan.seeds;
  const opened = await openModel(trial, seed);
  const session = new ModuleSession(trial.device, opened);
  try {
    const { built, loss, learningRate } = opened;
    checkSize(trial, built);
    const { train } = data;
    const first = { ...train, count: Math.min(PROBE_ROWS, train.count) };
    const rows = { ...first, inputs: train.inputs.subarray(0, first.count * train.features) };
    const fault = outputFault(loss, await session.predict(rows, PROBE_ROWS), built.outputs);
    if (fault !== undefined)
      throw new ModuleError(`${trial.module.place.module}: build returned a model with ${fault}`);
    const facts = await measureFacts(trial.plan, { session, parameters: trainedCount(built), examples: train, now });
    return { topology: built.topology, loss, learningRate, facts };
  } finally {
    await session.dispose();
  }
}

function trainedCount({ weights }: BuiltModel): number {
  return weights.reduce((sum, { shape, isTrained }) => sum + (isTrained ? sizeOf(shape) : 0), 0);
}

function checkSize({ module }: ModuleTrial, { weights }: BuiltModel): void {
  const bytes = weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  if (bytes <= MODULE_WEIGHTS_MAX_BYTES) return;
  const message = `a model with ${bytes} bytes of weights; the limit is ${MODULE_WEIGHTS_MAX_BYTES}`;
  throw new ModuleError(`${module.place.module}: build returned ${message}`, { isInfeasible: true });
}

async function openExecution(
  trial: ModuleTrial,
  { data, ...start }: ExecutionStart,
  model: ModuleModelFacts,
): Promise<ExecutionSession> {
  const opened = await openModel(trial, start.seed);
  if (JSON.stringify(opened.built.topology) !== JSON.stringify(model.topology)) {
    const message =
      "build returned another model for the same values; let the layers depend on values and dataset alone";
    throw new ModuleError(`${trial.module.place.module}: ${message}`);
  }
  const session = new ModuleSession(trial.device, opened);
  if (start.state !== undefined) await session.restore(start.state);
  return trial.module.fit === undefined
    ? batchwise(session, data)
    : fitSession(trial, { session, model: opened.built.model, data, seed: start.seed });
}
