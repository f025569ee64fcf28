import util from "node:util";

/**
 * Prepares this process for TensorFlow, which reads its settings from the environment when it loads. A value that the
 * user has set stays.
 */
export function prepareEnvironment(threads: number): void {
  // Without it the first process takes all memory of the GPU.
  setDefault("TF_FORCE_GPU_ALLOW_GROWTH", "true");
  // Warnings and errors only go to standard error.
  setDefault("TF_CPP_MIN_LOG_LEVEL", "2");
  setDefault("TF_NUM_INTRAOP_THREADS", String(threads));
  setDefault("TF_NUM_INTEROP_THREADS", "1");
  restoreRemovedUtilities();
}

function setDefault(name: string, value: string): void {
  process.env[name] ??= value;
}

/** tfjs-node 4.22 calls these two, and Node 23 removed them. */
function restoreRemovedUtilities(): void {
  const utilities = util as unknown as Record<string, unknown>;
  utilities["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  utilities["isArray"] ??= Array.isArray;
}
