import { cpuUsage } from "node:process";

/** Processor time of this process in milliseconds, so that what else the machine does counts for nothing. */
export function cpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
