import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import type { LossPlan } from "@sintonia/tuning/plan/training-plan";
import type { Optimizer as TfjsOptimizer } from "@tensorflow/tfjs";
import type { Device } from "../../engine/tfjs/tfjs-session.js";
import type { ModuleDataset } from "../user/module-dataset.js";
import { ModuleError } from "../user/module-error.js";
import type { UserModule } from "../user/user-module.js";
import { type BuiltModel, buildModel } from "./built-model.js";
import { COMPILED_LOSSES, compiledLoss } from "./module-loss.js";
import type { TrainableModel } from "./module-session.js";
import { compiledUpdater, learningRateOf, planUpdater, type Updater } from "./updater.js";

/** What all executions of a module's trial share. */
export interface ModuleTrial {
  readonly device: Device;
  readonly module: UserModule;
  readonly plan: ModulePlan;
  readonly facts: ModuleDataset;
}

/** A model with the learning rate at which its training starts. */
export interface OpenedModel extends TrainableModel {
  readonly learningRate: NonNullable<ModulePlan["training"]["optimizer"]>["learningRate"];
}

/**
 * Builds the model of one execution, with the loss and the optimizer of the plan, or else those
 * with which the module compiled the model. The caller disposes of both.
 *
 * @throws {ModuleError} if the module gives no model that can be trained
 */
export async function openModel(trial: ModuleTrial, seed: number): Promise<OpenedModel> {
  const { device, module, plan, facts } = trial;
  const { tf } = device.backend;
  device.backend.use(() => undefined);
  const built = await buildModel(module, { tf, values: plan.values, facts, seed });
  const loss = lossOf(trial, built);
  const { optimizer } = plan.training;
  if (module.fit !== undefined) return { built, loss, seed, ...selfTrained(trial, built) };
  if (optimizer !== undefined) {
    const updater = planUpdater(tf, optimizer, built.weights);
    return { built, loss, seed, updater, learningRate: optimizer.learningRate };
  }
  const compiled = optimizerOf(built);
  if (compiled === undefined) throw new ModuleError(`${module.place.module}: ${NO_OPTIMIZER}`);
  return { built, loss, seed, ...(await compiledBy(trial, built, compiled)) };
}

const NO_OPTIMIZER =
  "nothing optimizes the model; give training.optimizer and training.loss in the spec, or compile the model in build";

function lossOf({ module, plan }: ModuleTrial, { model }: BuiltModel): LossPlan {
  const loss = plan.training.loss ?? compiledLoss(model);
  if (loss !== undefined) return loss;
  const known = `one of ${COMPILED_LOSSES.join(", ")}`;
  const advice = `give training.loss in the spec, or compile the model in build with ${known}`;
  throw new ModuleError(`${module.place.module}: the model has no loss that the evaluation knows; ${advice}`);
}

async function compiledBy({ device, module }: ModuleTrial, built: BuiltModel, optimizer: TfjsOptimizer) {
  const updater = compiledUpdater(device.backend.tf, optimizer, built.weights);
  const name = optimizer.getClassName();
  await updater.read().catch((cause: unknown) => {
    const advice = "choose another one, or give training.optimizer in the spec";
    throw new ModuleError(`${module.place.module}: tfjs cannot save the state of ${name}; ${advice}`, { cause });
  });
  return { updater, learningRate: learningRateOf(optimizer) ?? 0 };
}

/** A module with `fit` trains with the optimizer of its model, whose state is saved. */
function selfTrained({ device, module, plan }: ModuleTrial, built: BuiltModel) {
  if (plan.training.optimizer !== undefined) {
    const advice = "leave training.optimizer out of the spec and compile the model in build";
    throw new ModuleError(`${module.place.module}: fit trains with the model's own optimizer; ${advice}`);
  }
  const compiled = () => {
    const optimizer = optimizerOf(built);
    return optimizer === undefined ? undefined : compiledUpdater(device.backend.tf, optimizer, built.weights);
  };
  const updater: Updater = {
    apply: () => undefined,
    read: async () => (await compiled()?.read()) ?? [],
    restore: async (slots) => compiled()?.restore(slots),
    dispose: () => compiled()?.dispose(),
  };
  const optimizer = optimizerOf(built);
  return { updater, learningRate: (optimizer === undefined ? undefined : learningRateOf(optimizer)) ?? 0 };
}

/** The getter of tfjs throws for a model that is not compiled. */
function optimizerOf({ model }: BuiltModel): TfjsOptimizer | undefined {
  try {
    return model.optimizer ?? undefined;
  } catch {
    return undefined;
  }
}
