// Runs real programs for tests: Python, shell and Node.

import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programEnvironment } from "../command/environment.js";
import type { Values } from "../command/values.js";
import { makeFolder } from "../folder/execution-folder.js";
import { ProgramGuard } from "../process/guard.js";
import { findProcesses } from "../process/process-table.js";
import type { ProgramReport } from "../report/report.js";
import type { ProgramEnd } from "./end.js";
import type { Answer } from "./epoch-flow.js";
import { type ProgramContext, ProgramExecution, type ProgramRun } from "./program-execution.js";

/** The reason to skip tests with Python, or false. */
export const withoutPython: string | false =
  spawnSync("python3", ["-c", ""]).status === 0 ? false : "python3 is not there";

/** What a test runs. Defaults: report channel, objective `score`, no time limit, grace of 5 s. */
export interface Scenario extends Partial<Omit<ProgramRun, "command">> {
  readonly command: readonly string[];
  /** Files of the working folder, executable where they begin with #!. */
  readonly files?: Readonly<Record<string, string>>;
  readonly values?: Values;
  readonly onReport?: (report: ProgramReport) => Promise<Answer> | Answer;
  readonly context?: Partial<ProgramContext>;
  /** Called once the program has started. */
  readonly during?: (execution: ProgramExecution) => void;
}

/** What a test sees. */
export interface Outcome {
  readonly end: ProgramEnd;
  readonly reports: readonly ProgramReport[];
  /** The kept output as text. */
  readonly output: string;
  /** Processes of the execution that are still there after its end. */
  readonly left: readonly number[];
}

let number = 0;

/** Runs a program to its end, in a temporary folder that is deleted afterwards. */
export async function runProgram(scenario: Scenario): Promise<Outcome> {
  const root = await mkdtemp(join(tmpdir(), "sintonia-program-"));
  await chmod(root, 0o755);
  const guard = new ProgramGuard();
  try {
    return await runIn(root, guard, scenario);
  } finally {
    guard.close();
    await rm(root, { recursive: true, force: true });
  }
}

async function runIn(root: string, guard: ProgramGuard, scenario: Scenario): Promise<Outcome> {
  const { command, files = {}, values = {}, onReport = () => "continue", context, during, ...settings } = scenario;
  const folder = await makeFolder(root, values, settings.user);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder.work, name), text);
    if (text.startsWith("#!")) await chmod(join(folder.work, name), 0o755);
  }
  const facts = { values, seed: 7, execution: 0, study: "study", trial: "3", attempt: 1, threads: 1 };
  const environment = programEnvironment(process.env, {}, facts, folder);
  const mark = `test-${process.pid}-${number++}`;
  const defaults = { metrics: { from: "report" }, objective: "score", firstEpoch: 0, graceMs: 5_000 } as const;
  const reports: ProgramReport[] = [];
  const execution = new ProgramExecution(
    { ...defaults, command, environment, folder, mark, ...settings },
    {
      guard,
      onReport: async (report) => {
        reports.push(report);
        return await onReport(report);
      },
      ...context,
    },
  );
  during?.(execution);
  const end = await execution.end;
  const { oldest, newest } = execution.output();
  const left = findProcesses({ mark, folder: root, holdsPipes: true });
  return { end, reports, output: Buffer.concat([oldest, newest]).toString("utf8"), left };
}
