// The load of a trainer's GPUs at the time of each scrape.

import { Gauge, type Registry } from "prom-client";
import type { GpuLoad } from "../nvidia/nvidia-smi.js";

/**
 * Adds gauges for each GPU. A machine without a GPU has no series.
 *
 * @param read - returns the present load; called once a scrape
 */
export function addGpuMetrics(registry: Registry, read: () => Promise<readonly GpuLoad[]>): void {
  const shared = sharedBy(read);
  const gauge = (name: string, help: string, figure: (load: GpuLoad) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ["gpu"],
      registers: [registry],
      async collect() {
        const loads = await shared();
        this.reset();
        for (const load of loads) this.set({ gpu: load.gpu }, figure(load));
      },
    });
  };
  gauge(
    "sintonia_trainer_gpu_utilization_ratio",
    "Share of the time before the scrape in which the GPU was busy, whoever used it.",
    ({ utilization }) => utilization,
  );
  gauge(
    "sintonia_trainer_gpu_memory_used_bytes",
    "Memory of the GPU in use, whoever uses it.",
    ({ usedBytes }) => usedBytes,
  );
  gauge("sintonia_trainer_gpu_memory_bytes", "Memory of the GPU.", ({ totalBytes }) => totalBytes);
}

/** Returns a function whose calls share one reading while it lasts. */
function sharedBy<T>(read: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | undefined;
  return () => {
    current ??= read().finally(() => {
      current = undefined;
    });
    return current;
  };
}
