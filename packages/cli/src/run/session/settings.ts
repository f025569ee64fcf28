import { resolve } from "node:path";
import type { ServiceSettings } from "../../cluster/service-programs.js";
import { CACHE_DIR } from "../../system/installation.js";

/** What a run is given beside its specs and folder. */
export interface RunSettings {
  readonly trainers: number;
  /** Whether packages of the distribution may be installed. */
  readonly installMissing: boolean;
  readonly services: Pick<ServiceSettings, "cacheDir" | "dataDir" | "engine" | "verbose">;
}

/** Options of the commands that start a cluster. */
export interface ClusterOptions {
  readonly engine?: string;
  readonly dataDir?: string;
  readonly installMissing?: boolean;
  readonly verbose?: boolean;
}

/** Settings from options and environment. */
export function runSettings(trainers: number, options: ClusterOptions, env: NodeJS.ProcessEnv): RunSettings {
  const { dataDir, engine } = options;
  return {
    trainers,
    installMissing: options.installMissing === true,
    services: {
      cacheDir: resolve(env["SINTONIA_CACHE_DIR"] || CACHE_DIR),
      dataDir: dataDir === undefined ? undefined : resolve(dataDir),
      engine,
      verbose: options.verbose === true,
    },
  };
}
