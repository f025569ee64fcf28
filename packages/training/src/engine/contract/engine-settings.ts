/** What an engine needs to load its library. */
export interface EngineSettings {
  readonly threads: number;
  readonly gpu: GpuSettings;
  readonly importModule: (specifier: string) => Promise<unknown>;
}

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

/** float32 as in the other engines, and memory left for other processes. */
export const DEFAULT_GPU_SETTINGS: GpuSettings = { memoryGrowth: true, tf32: false };
