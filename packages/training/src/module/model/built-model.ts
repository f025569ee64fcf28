import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { LayersModel } from "@tensorflow/tfjs";
import type { TensorFlow } from "../../engine/tfjs/tensorflow/tensorflow.js";
import { awaitWithChance } from "../user/chance.js";
import type { ModuleDataset } from "../user/module-dataset.js";
import { ModuleError, thrownBy } from "../user/module-error.js";
import type { UserModule } from "../user/user-module.js";
import { classNames, type Renaming, renamed, renamedWeight, renamingOf } from "./topology-names.js";

/** A weight in the form of tfjs. */
type LayerVariable = LayersModel["weights"][number];

/** One weight of a model. */
export interface ModelWeight {
  /** Unique in the model, and the same whenever the module builds the same model. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly variable: LayerVariable;
  readonly isTrained: boolean;
}

/** A model with one input and one output. */
export interface BuiltModel {
  readonly model: LayersModel;
  /** Shape of one row of the inputs. */
  readonly inputShape: readonly number[];
  readonly outputs: number;
  /** In the order of the model. */
  readonly weights: readonly ModelWeight[];
  /** The layers as JSON in the form of tfjs, with the names of `weights`. */
  readonly topology: unknown;
}

/** The arguments of one call of `build`. */
export interface BuildRequest {
  readonly tf: TensorFlow;
  readonly values: ParameterValues;
  readonly facts: ModuleDataset;
  /** Seed of the execution: layers without a seed of their own draw from it. */
  readonly seed: number;
}

/**
 * Calls a module's `build` and checks what it returns. Equal arguments give a model with equal
 * weights.
 *
 * @throws {ModuleError} if `build` throws, or returns no model for the data
 */
export async function buildModel(module: UserModule, request: BuildRequest): Promise<BuiltModel> {
  const { tf, values, facts, seed } = request;
  const built = await awaitWithChance({ seed, purpose: ["build"] }, async () => {
    const dataset = { ...facts, inputShape: [...facts.inputShape] };
    return await module.build({ tf, values: { ...values }, dataset });
  }).catch((error: unknown) => {
    throw thrownBy(module.place, "build", error);
  });
  return checked(built, request, module.place.module);
}

/** Describes a model that is known to be one, for example after reading it from a file. */
export function describeModel(model: LayersModel): BuiltModel {
  finishSequential(model);
  const topology: unknown = model.toJSON(null, false);
  const renaming = renamingOf(topology);
  const trained = new Set(model.trainableWeights);
  const [, ...inputShape] = model.inputs[0]?.shape ?? [];
  const names = uniqueNames(model, renaming);
  const weights = model.weights.map((variable, index) => ({
    name: names[index] as string,
    shape: variable.shape as number[],
    variable,
    isTrained: trained.has(variable),
  }));
  const outputs = model.outputs[0]?.shape.at(-1) ?? 0;
  return { model, inputShape: inputShape as number[], outputs, weights, topology: renamed(topology, renaming) };
}

/** Before its first use, tf.sequential has no penalties: it collects them when it is built. */
function finishSequential(model: LayersModel): void {
  const { model: inner } = model as unknown as { readonly model?: unknown };
  if (model.getClassName() === "Sequential" && (inner === undefined || inner === null)) {
    model.build(model.inputs[0]?.shape ?? []);
  }
}

function uniqueNames(model: LayersModel, renaming: Renaming): string[] {
  const counts = new Map<string, number>();
  return model.weights.map(({ originalName }) => {
    const name = renamedWeight(originalName, renaming);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

function checked(built: unknown, { tf, facts }: BuildRequest, module: string): BuiltModel {
  const fault = (text: string) => new ModuleError(`${module}: build returned ${text}`);
  if (!(built instanceof tf.LayersModel)) {
    throw fault(`${kindOf(built)}; expected a LayersModel of the tf that it gets, such as tf.sequential()`);
  }
  if (built.inputs.length !== 1 || built.outputs.length !== 1) {
    const found = `${built.inputs.length} inputs and ${built.outputs.length} outputs`;
    throw fault(`a model with ${found}; expected one of each`);
  }
  checkShapes(built, facts, fault);
  const described = describeModel(built);
  checkClasses(tf, described.topology, fault);
  if (!described.weights.some(({ isTrained }) => isTrained)) throw fault("a model without weights to train");
  return described;
}

type Fault = (text: string) => ModuleError;

function checkShapes(model: LayersModel, facts: ModuleDataset, fault: Fault): void {
  const [, ...input] = model.inputs[0]?.shape ?? [];
  const [, ...output] = model.outputs[0]?.shape ?? [];
  const size = input.reduce<number>((product, length) => product * (length ?? Number.NaN), 1);
  if (size !== facts.features) {
    const wanted = `[${facts.inputShape.join(", ")}] (dataset.inputShape) or another one of ${facts.features} values`;
    throw fault(`a model for rows of shape ${shapeText(input)}; expected ${wanted}`);
  }
  if (output.length === 1 && output[0] === facts.outputs) return;
  // The only output may be the probability of class 1 of two.
  if (output.length === 1 && output[0] === 1 && facts.classes === 2) return;
  throw fault(`a model with outputs of shape ${shapeText(output)}; expected [${facts.outputs}] (dataset.outputs)`);
}

const known = new WeakMap<TensorFlow, ReadonlySet<string>>();

/** Notes the classes that tfjs knows before any module registers its own. */
export function noteKnownClasses(tf: TensorFlow): void {
  if (known.has(tf)) return;
  known.set(tf, new Set(Object.keys(tf.serialization.SerializationMap.getMap().classNameMap)));
}

/** Refuses layers of the module's own: no other program could read the model. */
function checkClasses(tf: TensorFlow, topology: unknown, fault: Fault): void {
  const classes = known.get(tf);
  const own = classNames(topology).find((name) => classes !== undefined && !classes.has(name) && !isModel(name));
  if (own === undefined) return;
  throw fault(`a model with ${own}, a class of the module; expected layers of tf.layers, which every reader knows`);
}

function isModel(name: string): boolean {
  return name === "Model" || name === "Sequential" || name === "Functional";
}

function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => length ?? "any").join(", ")}]`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? `a ${typeof value}`;
  return `an object of class ${value.constructor?.name ?? "Object"}`;
}
