import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import type { LayersModel } from "@tensorflow/tfjs";
import type { Examples } from "../dataset/examples.js";
import type { Engine, EngineSession } from "../engine/contract/engine.js";
import type { TensorFlow } from "../engine/tfjs/tensorflow/tensorflow.js";
import { deviceOf } from "../engine/tfjs/tfjs-engine.js";
import type { Device } from "../engine/tfjs/tfjs-session.js";
import { measureTest, type TestEvaluation } from "../evaluation/evaluate-weights.js";
import { describeModel } from "./model/built-model.js";
import { ModuleSession } from "./model/module-session.js";
import type { Updater } from "./model/updater.js";
import type { StoredModuleModel } from "./module-file.js";

/** An engine that cannot measure the models of modules. */
export class EvaluationEngineError extends Error {
  override readonly name = "EvaluationEngineError";
}

/** What measures a stored model. */
type MeasuringSession = Pick<EngineSession, "evaluate" | "predict" | "dispose">;

/**
 * Refuses an engine that cannot measure the models of modules.
 *
 * @throws {EvaluationEngineError} if the engine is not one of tfjs
 */
export function requireModels(engine: Engine): Device {
  const device = deviceOf(engine);
  if (device !== undefined) return device;
  const advice = "start the coordinator with SINTONIA_ENGINE=tfjs-node, tfjs-node-gpu or tfjs, or run with --engine";
  throw new EvaluationEngineError(`engine ${engine.name} cannot evaluate the model of a module; ${advice}`);
}

/**
 * Opens a stored model of a module for measuring. Runs no code of the module: the file has the
 * layers.
 *
 * @throws {EvaluationEngineError} if the engine is not one of tfjs
 */
export async function openModuleModel(engine: Engine, stored: StoredModuleModel): Promise<MeasuringSession> {
  const device = requireModels(engine);
  device.backend.use(() => undefined);
  const built = describeModel(await load(device.backend.tf, stored));
  return new ModuleSession(device, { built, loss: stored.loss, updater: NO_UPDATER, seed: 0 });
}

/** Measures a stored model of a module on the test split, as `evaluateWeights` does. */
export async function evaluateModuleModel(
  engine: Engine,
  stored: StoredModuleModel,
  request: { readonly plan: ModulePlan; readonly examples: Examples; readonly batchSize: number },
): Promise<TestEvaluation> {
  const session = await openModuleModel(engine, stored);
  try {
    return await measureTest(session, request.plan, request);
  } finally {
    await session.dispose();
  }
}

function load(tf: TensorFlow, { topology, weights }: StoredModuleModel): Promise<LayersModel> {
  const weightSpecs = weights.map(({ name, shape }) => ({ name, shape: [...shape], dtype: "float32" as const }));
  const weightData = weights.map(({ values }) => values.slice().buffer as ArrayBuffer);
  return tf.loadLayersModel({
    load: async () => ({ modelTopology: topology as object, weightSpecs, weightData }),
  });
}

const NO_UPDATER: Updater = {
  apply: () => undefined,
  read: async () => [],
  restore: async () => undefined,
  dispose: () => undefined,
};
