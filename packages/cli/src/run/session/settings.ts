import { resolve } from "node:path";
import type { ServiceSettings } from "../../cluster/service-programs.js";
import { CACHE_DIR } from "../../system/installation.js";

/** Settings of a run apart from its specs and its folder. */
export interface RunSettings {
  readonly trainers: number;
  /** True if the run may install packages with the system's package manager. */
  readonly installMissing: boolean;
  /** True if the coordinator of the run serves the live page. */
  readonly page: boolean;
  readonly services: Pick<ServiceSettings, "cacheDir" | "dataDir" | "engine" | "verbose">;
}

/** Command-line options of the commands that start a cluster. */
export interface ClusterOptions {
  readonly engine?: string;
  readonly dataDir?: string;
  readonly installMissing?: boolean;
  /** False with `--no-page`. */
  readonly page?: boolean;
  readonly verbose?: boolean;
}

/** Returns the settings of a run from the command line and the environment. */
export function runSettings(trainers: number, options: ClusterOptions, env: NodeJS.ProcessEnv): RunSettings {
  const { dataDir, engine } = options;
  return {
    trainers,
    installMissing: options.installMissing === true,
    // Without trainers, a command reads a former run and soon ends.
    page: options.page !== false && trainers > 0,
    services: {
      cacheDir: resolve(env["SINTONIA_CACHE_DIR"] || CACHE_DIR),
      dataDir: dataDir === undefined ? undefined : resolve(dataDir),
      engine,
      verbose: options.verbose === true,
    },
  };
}
