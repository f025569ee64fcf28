import type { MemoryReading, PoolName } from "../core/device/pool.js";

/** The processes of each slot: those that the trainer started, without their descendants. */
export type SlotProcesses = ReadonlyMap<number, readonly number[]>;

/** A memory that the trials of a trainer share. */
export interface Memory {
  readonly name: PoolName;
  /**
   * Reads the memory within bounded time. Never rejects.
   *
   * @returns undefined if the memory cannot be read
   */
  read(processes: SlotProcesses): Promise<MemoryReading | undefined>;
}
