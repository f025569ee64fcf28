// The equipment of this trainer, as its machine shows it at the start.

import { totalmem } from "node:os";
import type { Equipment } from "@sintonia/protocol/equipment";
import type { Logger } from "@sintonia/runtime/logger";
import type { EngineName } from "@sintonia/training/engine/contract/engine";
import { type GpuLoad, NvidiaSmi } from "../nvidia/nvidia-smi.js";

/** The settings that decide about the equipment. */
interface EquipmentSettings {
  readonly flavour: string | undefined;
  readonly engine: EngineName;
  /** Programs use the GPUs of a trainer, whatever its engine. */
  readonly allowPrograms: boolean;
  /** The GPUs of this process, as CUDA_VISIBLE_DEVICES names them. @default all */
  readonly devices: string | undefined;
}

/** Reads the GPUs. */
type ReadGpus = (device: string | undefined) => Promise<readonly GpuLoad[]>;

/** Returns a reader of the GPUs by `nvidia-smi`. A machine without the program has none. */
export function gpuReader(logger: Logger): ReadGpus {
  return (device) => new NvidiaSmi({ device, logger }).read();
}

/** Returns the memory that this process may use: the machine's, or the limit of its container. */
export function usableMemoryBytes(): number {
  // 0 without a limit.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}

/** Measures the equipment. */
export async function measureEquipment(
  { flavour, engine, allowPrograms, devices }: EquipmentSettings,
  readGpus: ReadGpus,
  memoryBytes = usableMemoryBytes(),
): Promise<Equipment> {
  const isGpuEngine = engine === "tfjs-node-gpu";
  const usesGpus = isGpuEngine || allowPrograms;
  const loads = usesGpus && devices !== "" && devices !== "-1" ? await readGpus(devices) : [];
  const sizes = loads.map(({ totalBytes }) => totalBytes).filter((bytes) => bytes > 0);
  // The engine ends the trainer if it finds no GPU. A slice of a GPU has no line of its own.
  const gpus = Math.max(loads.length, isGpuEngine ? 1 : 0);
  const gpuMemoryBytes = sizes.length === 0 ? 0 : Math.min(...sizes);
  return { ...(flavour === undefined ? {} : { flavour }), gpus, gpuMemoryBytes, memoryBytes };
}
