// A study of another tool in a Python process, by benchmarks/fidelity/peers.py.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SearchSpace } from "@sintonia/tuning/space/parameter";
import type { AccountedStudy } from "./study.js";

const PROGRAM = fileURLToPath(new URL("../../fidelity/peers.py", import.meta.url));

/** A peer in a Python. */
export interface Peer {
  /** Path of a Python with the packages of benchmarks/fidelity/requirements.txt. */
  readonly python: string;
  /** Name of the tool in the Python program. */
  readonly tool: string;
}

/** Runs a study to the end of its budget. */
export async function runPeer(study: AccountedStudy, { python, tool }: Peer): Promise<void> {
  const env = { ...process.env, OMP_NUM_THREADS: "1" };
  const child = spawn(python, ["-W", "ignore", PROGRAM], { stdio: ["pipe", "pipe", "ignore"], env });
  const { space, maxEpochs } = study.problem;
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  send({ tool, seed: study.seed, maxEpochs, parameters: parametersOf(space) });
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, values, epoch } = JSON.parse(line);
    const reports = Array.from({ length: epoch }, (_, i) => study.train(id, values, i + 1));
    if (study.isOver) break;
    send({ value: Math.min(...reports) });
  }
  child.kill();
  if (!study.isOver) throw new Error(`${tool} ended before its budget`);
}

function parametersOf(space: SearchSpace): object[] {
  return Object.entries(space).map(([name, parameter]) => {
    if (parameter.type !== "double" && parameter.type !== "integer") throw new Error(`${name} is no number`);
    const { type, min, max, scale } = parameter;
    return { name, integer: type === "integer", log: scale === "log", min, max };
  });
}
