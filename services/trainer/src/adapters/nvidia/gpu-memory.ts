import type { MemoryReading } from "../../core/device/pool.js";
import type { Memory } from "../../ports/memory.js";
import type { GpuLoad } from "./nvidia-smi.js";

/**
 * The memory of the trainer's GPU. The driver tells only the sum over all programs: it shows no
 * processes inside a container.
 */
export class GpuMemory implements Memory {
  readonly name = "gpu";
  readonly #loads: () => Promise<readonly GpuLoad[]>;

  /** @param loads - returns the load of the GPUs that the trainer may use; none if it is unknown */
  constructor(loads: () => Promise<readonly GpuLoad[]>) {
    this.#loads = loads;
  }

  /** Reads the memory. Returns undefined unless the driver names exactly one GPU and its memory. */
  async read(): Promise<MemoryReading | undefined> {
    const [load, ...others] = await this.#loads();
    if (load === undefined || others.length > 0) return undefined;
    const { usedBytes, totalBytes } = load;
    return Number.isNaN(usedBytes + totalBytes) ? undefined : { usedBytes, totalBytes };
  }
}
