import { readFile } from "node:fs/promises";

/** Clock ticks in a second; the value of every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Returns the processor time that a process has used, in seconds. @throws without /proc */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The fields after the name, which may contain spaces, begin behind its closing parenthesis.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
