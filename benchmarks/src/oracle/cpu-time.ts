import { cpuUsage } from "node:process";

/** Returns the processor time of this process in ms, which does not depend on other processes. */
export function cpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
