import type { TrainingPlan } from "@sintonia/tuning/plan/training-plan";
import type { Engine, EngineName, EngineSession, SessionStart } from "../contract/engine.js";
import { EngineUnavailableError } from "../contract/engine-error.js";
import type { EngineSettings } from "../contract/engine-settings.js";
import { importLibrary } from "../contract/library.js";
import { DeviceExamples } from "./device-examples.js";
import { Backend } from "./tensorflow/backend.js";
import { prepareEnvironment } from "./tensorflow/environment.js";
import type { TensorFlow } from "./tensorflow/tensorflow.js";
import { type Device, TfjsSession } from "./tfjs-session.js";

/** The names of the engines that share the interface of tfjs. */
type TfjsEngineName = Exclude<EngineName, "onnx">;

/** The tfjs backend that each package must compute with. */
const BACKENDS: Readonly<Record<TfjsEngineName, string>> = {
  "tfjs-node-gpu": "tensorflow",
  "tfjs-node": "tensorflow",
  tfjs: "cpu",
};

/**
 * Starts an engine on one of the three packages that share the interface of tfjs.
 *
 * @throws {EngineUnavailableError} if the package does not load, or computes on another device
 */
export async function startTfjsEngine(
  name: TfjsEngineName,
  { threads, gpu, importModule }: EngineSettings,
): Promise<Engine> {
  prepareEnvironment({ threads, gpu });
  await silence();
  const tf = (await importLibrary(name, `@tensorflow/${name}`, importModule)) as TensorFlow;
  await selectBackend(tf, name);
  assertDevice(tf, name);
  return new TfjsEngine(name, new Backend(tf, BACKENDS[name]), describe(tf, name, threads));
}

/** Returns the device of an engine of tfjs; undefined for another engine. */
export function deviceOf(engine: Engine): Device | undefined {
  return engine instanceof TfjsEngine ? engine.device : undefined;
}

/** Trains with any package that has the interface of tfjs. */
class TfjsEngine implements Engine {
  readonly name: EngineName;
  readonly description: string;
  readonly device: Device;

  constructor(name: EngineName, backend: Backend, description: string) {
    this.name = name;
    this.description = description;
    this.device = { backend, examples: new DeviceExamples(backend.tf) };
  }

  async open(plan: TrainingPlan, start: SessionStart): Promise<EngineSession> {
    return new TfjsSession(this.device, plan, start);
  }
}

/** Switches off messages on standard error. All packages of tfjs in a process share this flag. */
async function silence(): Promise<void> {
  const { enableProdMode } = await import("@tensorflow/tfjs");
  enableProdMode();
}

async function selectBackend(tf: TensorFlow, name: TfjsEngineName): Promise<void> {
  const backend = BACKENDS[name];
  const selected = await tf.setBackend(backend);
  if (!selected || tf.getBackend() !== backend) {
    const reason = `tfjs computes with its backend ${tf.getBackend()} instead of ${backend}`;
    throw new EngineUnavailableError(name, { reason, advice: "choose another engine" });
  }
}

/**
 * Refuses an engine that computes on another device than its name says. tfjs-node-gpu computes on
 * the CPU without a warning if it finds no GPU. tfjs-node computes on a GPU if its TensorFlow
 * supports one, or if tfjs-node-gpu was loaded before it.
 */
function assertDevice(tf: TensorFlow, name: TfjsEngineName): void {
  const { isUsingGpuDevice } = tf.backend() as { readonly isUsingGpuDevice?: boolean };
  if (name === "tfjs-node-gpu" && isUsingGpuDevice !== true) {
    throw new EngineUnavailableError(name, {
      reason: "TensorFlow found no GPU that it can use",
      advice:
        "check nvidia-smi, CUDA_VISIBLE_DEVICES and the CUDA libraries that this TensorFlow was built for " +
        "(docs/decisions/0009), or choose a CPU engine",
    });
  }
  if (name === "tfjs-node" && isUsingGpuDevice === true) {
    const reason = "TensorFlow computes on a GPU in this process";
    throw new EngineUnavailableError(name, { reason, advice: "choose tfjs-node-gpu, or set CUDA_VISIBLE_DEVICES=-1" });
  }
}

function describe(tf: TensorFlow, name: TfjsEngineName, threads: number): string {
  const device = name === "tfjs-node-gpu" ? "gpu" : "cpu";
  const computing = name === "tfjs-node" ? `, ${threads} thread${threads === 1 ? "" : "s"}` : "";
  return `@tensorflow/${name} ${tf.version["tfjs"]}, ${device}${computing}`;
}
