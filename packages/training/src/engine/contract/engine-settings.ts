/** The settings with which an engine starts. */
export interface EngineSettings {
  /**
   * Threads of one operation on the CPU, at least 1. Results repeat bit for bit with 1 thread.
   *
   * @default 1
   */
  readonly threads: number;
  /**
   * TensorFlow reads these settings once in a process, when the first engine starts.
   *
   * @default DEFAULT_GPU_SETTINGS
   */
  readonly gpu: GpuSettings;
  /**
   * Imports an engine's library. Optional libraries are dependencies of the program, not of this
   * package. The program therefore passes `(specifier) => import(specifier)`. @default imports
   * from this package
   */
  readonly importModule: (specifier: string) => Promise<unknown>;
}

/** TensorFlow's use of GPUs. Engines without a GPU ignore these settings. */
export interface GpuSettings {
  /**
   * True allocates GPU memory on demand; false reserves nearly all of it when the process starts.
   *
   * @default true
   */
  readonly memoryGrowth: boolean;
  /**
   * The GPU to use, as CUDA_VISIBLE_DEVICES names it: index, UUID or MIG instance. Of several
   * visible GPUs, tfjs uses the last one. @default the environment of the process decides
   */
  readonly device?: string | undefined;
  /**
   * True allows matrix products to round their factors to 10 bits (TensorFloat-32) for speed.
   *
   * @default false
   */
  readonly tf32: boolean;
  /**
   * Folder for the kernels that the driver compiles if the library was built for other GPUs. The
   * compilation can take minutes. @default CUDA's own folder below the home folder
   */
  readonly cudaCacheDir?: string | undefined;
}

/** Computes in float32, as the other engines do, and leaves GPU memory to other processes. */
export const DEFAULT_GPU_SETTINGS: GpuSettings = { memoryGrowth: true, tf32: false };
