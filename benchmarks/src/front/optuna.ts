// A sampler of Optuna in a Python process, by benchmarks/front/optuna_sampler.py.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FrontProblem } from "./problems/problem.js";
import type { Asker } from "./study.js";

const PROGRAM = fileURLToPath(new URL("../../front/optuna_sampler.py", import.meta.url));

/** The samplers of Optuna by the names of the Python program. */
export type OptunaSampler = "gp" | "nsga2";

/** What a Python process samples for. */
export interface OptunaSettings {
  /** Path of a Python with the packages of benchmarks/front/requirements.txt. */
  readonly python: string;
  readonly sampler: OptunaSampler;
  readonly seed: number;
}

/** Starts a process with a sampler for a problem. The caller closes it. */
export function optunaAsker({ python, sampler, seed }: OptunaSettings, problem: FrontProblem): Asker {
  const env = { ...process.env, OMP_NUM_THREADS: "1" };
  const child = spawn(python, [PROGRAM], { stdio: ["pipe", "pipe", "inherit"], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const exchange = async (message: object) => {
    send(message);
    const { done, value } = await lines.next();
    if (done === true) throw new Error("the Python process ended; its error is above");
    return JSON.parse(value);
  };
  const { ranges, areWhole = false, objectives } = problem;
  send({ sampler, seed, ranges, whole: areWhole, objectives });
  return {
    async ask() {
      const { id, values } = await exchange({ ask: true });
      return { id: String(id), values };
    },
    tell: (id, outcome) => exchange({ tell: { id: Number(id), ...outcome } }),
    close: () => child.stdin.end(),
  };
}
