import util from "node:util";

/** How TensorFlow uses GPUs. Engines without one take no notice. */
export interface GpuSettings {
  /** Whether GPU memory is taken as it is needed; else one process takes nearly all at its start. @default true */
  readonly memoryGrowth: boolean;
  /**
   * The GPU to use, as CUDA_VISIBLE_DEVICES names it: index, UUID or MIG instance. tfjs uses the last one that it sees.
   * @default what the environment of the process says
   */
  readonly device?: string | undefined;
  /** Whether matrix products may round their factors to 10 bits (TensorFloat-32) to be faster. @default false */
  readonly tf32: boolean;
  /**
   * Folder for kernels that the driver compiles for a GPU that the library was not built for, which can take minutes.
   * @default CUDA's own, below the home folder
   */
  readonly cudaCacheDir?: string | undefined;
}

/** What TensorFlow reads when it loads. */
export interface TensorFlowSettings {
  /** Of one operation on the CPU. */
  readonly threads: number;
  readonly gpu: GpuSettings;
}

/** float32 as in the other engines, and memory left for other processes. */
export const DEFAULT_GPU_SETTINGS: GpuSettings = { memoryGrowth: true, tf32: false };

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
