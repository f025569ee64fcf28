import { setTimeout as delay } from "node:timers/promises";
import type { TimedFault } from "./figures.js";
import type { Installation } from "./installation.js";
import { describeFault, type Fault } from "./schedule.js";

/**
 * Causes each fault at its time, until the signal is aborted. Resolves once all faults are over.
 *
 * @param progress - receives a line for each fault
 */
export async function blow(
  installation: Installation,
  faults: readonly Fault[],
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<readonly TimedFault[]> {
  const begin = Date.now();
  const applied: TimedFault[] = [];
  const running: Promise<void>[] = [];
  for (const fault of faults) {
    // Ignored: the abort ends the wait, and the loop.
    await delay(Math.max(0, begin + fault.atMs - Date.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    progress(`${(fault.atMs / 1_000).toFixed(1)} s: ${describeFault(fault)}`);
    applied.push({ at: Date.now(), fault });
    running.push(installation.apply(fault));
  }
  await Promise.all(running);
  return applied;
}
