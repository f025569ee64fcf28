// Measures what the reports of a program cost it: a whole local run with durable answers, in which
// a Python program reports a thousand epochs of ten milliseconds.

import { spawnSync } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";

const CLI = fileURLToPath(new URL("../../packages/cli/bin/sintonia.js", import.meta.url));
const CLIENT = fileURLToPath(new URL("../../clients/python/sintonia.py", import.meta.url));
const EPOCH_SECONDS = 0.01;

interface Options {
  readonly epochs: number;
  readonly json?: true;
}

/** What the program measured, in seconds. */
interface Figures {
  readonly epochs: number;
  /** From the first epoch to the last report, by the wall clock. */
  readonly total: number;
  /** Share of `total` outside of the epochs. */
  readonly lost: number;
  /** CPU time of the program in one report. */
  readonly cpuPerReport: number;
}

/** An epoch computes, since a sleeping program would be woken late and hide what reports cost. */
const programText = (epochs: number): string => `
import json, sintonia, time
work = cpu = 0.0
begin = time.perf_counter()
for epoch in range(${epochs}):
    start = time.perf_counter()
    while time.perf_counter() - start < ${EPOCH_SECONDS}:
        pass
    work += time.perf_counter() - start
    used = time.thread_time()
    sintonia.report(score=epoch)
    cpu += time.thread_time() - used
total = time.perf_counter() - begin
figures = {"epochs": ${epochs}, "total": total, "lost": 1 - work / total, "cpuPerReport": cpu / ${epochs}}
print("figures " + json.dumps(figures))
`;

const SPEC = `
name: reports
program: { command: [python3, train.py], files: [train.py, sintonia.py] }
objective: { metric: score, goal: maximize }
budget: { maxTrials: 1 }
parameters: { x: { type: double, min: 0, max: 1 } }
`;

function commandLine(): Command {
  return new Command("bench:programs")
    .description("Measures the share of its time that a Python program loses to its reports; needs nats-server.")
    .option("--epochs <n>", "number of epochs of 10 ms", epochCount, 1_000)
    .option("--json", "print one JSON document");
}

function epochCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  throw new InvalidArgumentError("expected 1 to 10000");
}

async function measure(epochs: number): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), "sintonia-bench-"));
  try {
    await writeFile(join(folder, "train.py"), programText(epochs));
    await writeFile(join(folder, "spec.yaml"), SPEC);
    await copyFile(CLIENT, join(folder, "sintonia.py"));
    sintonia(folder, "run", "spec.yaml", "--trainers", "1", "--dir", "run", "--json");
    const output = sintonia(folder, "logs", "reports", "0", "--dir", "run");
    return JSON.parse(/^figures (.*)$/m.exec(output)?.[1] ?? "null") as Figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sintonia(folder: string, ...words: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`sintonia ${words[0]} failed: ${stderr}`);
  return stdout;
}

const { epochs, json } = commandLine().parse().opts<Options>();
const figures = await measure(epochs);
const text = [
  `${figures.epochs} epochs in ${figures.total.toFixed(2)} s`,
  `lost to reports: ${(100 * figures.lost).toFixed(2)} % of the time`,
  `CPU time of one report: ${(1e6 * figures.cpuPerReport).toFixed(0)} µs`,
].join("\n");
process.stdout.write(`${json ? JSON.stringify(figures) : text}\n`);
