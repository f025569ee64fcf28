// The load of GPUs, from the program that comes with NVIDIA's driver.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";

/** Time limit of the program in milliseconds, below the time limit of a scrape. */
const LIMIT_MS = 5_000;

const QUERY = "--query-gpu=index,utilization.gpu,memory.used,memory.total";
const MIB = 2 ** 20;

/** The load of a GPU. NaN for what the driver does not tell, as of a GPU that is split by MIG. */
export interface GpuLoad {
  /** Number of the GPU on this machine. */
  readonly gpu: string;
  /** Share of the last second or less in which the GPU was busy, in [0, 1]. */
  readonly utilization: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** Where the load is read. */
interface NvidiaSettings {
  /** @default nvidia-smi */
  readonly program?: string;
  /** A GPU by its index or UUID. @default all GPUs */
  readonly device: string | undefined;
  readonly logger: Logger;
}

/** Reads the load of GPUs. A machine without the program has none. */
export class NvidiaSmi {
  readonly #settings: NvidiaSettings;
  #isMissing = false;
  #hasFailed = false;

  constructor(settings: NvidiaSettings) {
    this.#settings = settings;
  }

  /**
   * Reads the load of each GPU. Returns none if the program fails, and logs the first failure.
   * Tries a missing program only once.
   */
  async read(): Promise<readonly GpuLoad[]> {
    if (this.#isMissing) return [];
    try {
      const loads = loadsOf(await this.#output());
      this.#hasFailed = false;
      return loads;
    } catch (error) {
      this.#isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      if (!this.#isMissing && !this.#hasFailed)
        this.#settings.logger.warn({ reason: messageOf(error).trim() }, "load of the GPUs not read");
      this.#hasFailed = true;
      return [];
    }
  }

  async #output(): Promise<string> {
    const { program = "nvidia-smi", device } = this.#settings;
    const ids = device === undefined ? [] : [`--id=${device}`];
    const args = [QUERY, "--format=csv,noheader,nounits", ...ids];
    const { stdout } = await promisify(execFile)(program, args, { timeout: LIMIT_MS, killSignal: "SIGKILL" });
    return stdout;
  }
}

function loadsOf(output: string): readonly GpuLoad[] {
  return output.split("\n").flatMap((line) => {
    const [gpu = "", ...figures] = line.split(",").map((cell) => cell.trim());
    const [percent = Number.NaN, usedMib = Number.NaN, totalMib = Number.NaN] = figures.map(Number.parseFloat);
    if (!/^\d+$/.test(gpu)) return [];
    return [{ gpu, utilization: percent / 100, usedBytes: usedMib * MIB, totalBytes: totalMib * MIB }];
  });
}
