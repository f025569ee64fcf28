import { join } from "node:path";
import type { MemoryReading } from "../../core/device/pool.js";
import type { Memory, SlotProcesses } from "../../ports/memory.js";
import { groupMemory, KERNEL_FOLDERS, type KernelFolders, type MachineMemory, readText } from "./control-group.js";
import { heldMemory } from "./held-memory.js";

/** The memory of the machine, or of the container if that has less left. Only Linux tells it. */
export class MachineMemoryReader implements Memory {
  readonly name = "machine";
  readonly #folders: KernelFolders;

  constructor(folders: KernelFolders = KERNEL_FOLDERS) {
    this.#folders = folders;
  }

  async read(processes: SlotProcesses): Promise<MemoryReading | undefined> {
    const [group, whole] = await Promise.all([groupMemory(this.#folders), wholeMemory(this.#folders)]);
    const memory = group !== undefined && leftOf(group) <= leftOf(whole) ? group : whole;
    if (memory === undefined) return undefined;
    return { ...memory, heldBytes: await heldMemory(processes, this.#folders.processes) };
  }
}

function leftOf(memory: MachineMemory | undefined): number {
  return memory === undefined ? Number.POSITIVE_INFINITY : memory.totalBytes - memory.usedBytes;
}

/** Reads the memory of the machine. */
async function wholeMemory({ processes }: KernelFolders): Promise<MachineMemory | undefined> {
  const text = await readText(join(processes, "meminfo"));
  if (text === undefined) return undefined;
  const bytes = (name: string): number => Number(text.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m"))?.[1]) * 1024;
  const [totalBytes, availableBytes] = [bytes("MemTotal"), bytes("MemAvailable")];
  return Number.isNaN(totalBytes - availableBytes) ? undefined : { totalBytes, usedBytes: totalBytes - availableBytes };
}
