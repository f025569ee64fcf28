import type { ServiceSettings } from "../cluster/service-programs.js";

/** What a run is given beside its spec and folder. */
export interface RunSettings {
  readonly trainers: number;
  /** Whether packages of the distribution may be installed. */
  readonly installMissing: boolean;
  readonly services: Pick<ServiceSettings, "cacheDir" | "dataDir" | "engine" | "verbose">;
}
