import util from "node:util";
import type { GpuSettings } from "../../contract/engine-settings.js";

/** What TensorFlow reads when it loads. */
export interface TensorFlowSettings {
  /** Of one operation on the CPU. */
  readonly threads: number;
  readonly gpu: GpuSettings;
}

/** Largest that CUDA takes. */
const CUDA_CACHE_MAX_BYTES = 2 ** 32;

/** Sets the environment of this process. TensorFlow reads it when it loads and never again. */
export function prepareEnvironment(settings: TensorFlowSettings): void {
  for (const [name, value] of Object.entries(environmentOf(settings))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  // Warnings and errors only go to standard error, unless the user wants more.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  restoreRemovedUtilities();
}

/** Translates settings to environment variables. One that must not be set is there as undefined. */
export function environmentOf({ threads, gpu }: TensorFlowSettings): Readonly<Record<string, string | undefined>> {
  const { memoryGrowth, device, tf32, cudaCacheDir } = gpu;
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: "1",
    TF_FORCE_GPU_ALLOW_GROWTH: String(memoryGrowth),
    NVIDIA_TF32_OVERRIDE: tf32 ? undefined : "0",
    ...(device === undefined ? {} : { CUDA_VISIBLE_DEVICES: device }),
    ...(cudaCacheDir === undefined
      ? {}
      : { CUDA_CACHE_PATH: cudaCacheDir, CUDA_CACHE_MAXSIZE: String(CUDA_CACHE_MAX_BYTES) }),
  };
}

/** tfjs-node 4.22 calls these two, and Node 23 removed them. */
function restoreRemovedUtilities(): void {
  const utilities = util as unknown as Record<string, unknown>;
  utilities["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  utilities["isArray"] ??= Array.isArray;
}
