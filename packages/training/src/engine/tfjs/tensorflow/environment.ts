import util from "node:util";
import type { GpuSettings } from "../../contract/engine-settings.js";

/** The settings that TensorFlow reads when it loads. */
interface TensorFlowSettings {
  /** Threads of one operation on the CPU. */
  readonly threads: number;
  readonly gpu: GpuSettings;
}

/** Size of the kernel cache: the largest that CUDA accepts. */
const CUDA_CACHE_MAX_BYTES = 2 ** 32;

/** Sets the environment of this process. TensorFlow reads the environment once, when it loads. */
export function prepareEnvironment(settings: TensorFlowSettings): void {
  for (const [name, value] of Object.entries(environmentOf(settings))) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  // Only warnings and errors go to standard error, unless the user has set another level.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  restoreRemovedUtilities();
}

/**
 * Translates settings to environment variables. The value undefined stands for a variable to
 * delete.
 */
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

/** Restores two functions that tfjs-node 4.22 calls and that Node 23 removed. */
function restoreRemovedUtilities(): void {
  const utilities = util as unknown as Record<string, unknown>;
  utilities["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  utilities["isArray"] ??= Array.isArray;
}
