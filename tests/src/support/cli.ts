// Runs the built command line program in a folder, and finds the processes that it started.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { RunFolder } from "@sintonia/cli/run/folder/run-folder";
import { runSecurity } from "@sintonia/cli/run/session/running";
import { starterFiles } from "@sintonia/cli/system/starters";
import { type Trial, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { processesWith } from "./left-processes.js";

const MAIN = fileURLToPath(import.meta.resolve("@sintonia/cli/main"));
/**
 * Environment variable that every process of a run inherits, which identifies processes that
 * remain.
 */
const MARK = "SINTONIA_TEST_RUN";

/**
 * A study on a part of MNIST. One core trains an epoch in a fraction of a second. Without callbacks
 * all trials last equally long.
 */
export const SMALL_SPEC = `
name: small
dataset: { name: mnist, split: { train: [0, 5000], validation: [50000, 51000] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: 3 }
seed: 23
oracle: { type: bayesian }
parameters:
  stddev: { type: double, min: 0.01, max: 0.10 }
model:
  layers:
    - { units: 64, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.00168 }
  loss: categorical_crossentropy
  batchSize: 256
  maxEpochs: 2
  callbacks: []
`;

/** The fields of the --json document that the tests read. */
export interface Results {
  readonly study: { readonly state: string };
  readonly trials: readonly {
    readonly id: string;
    readonly state: string;
    readonly values: Readonly<Record<string, number>>;
    readonly objective: number;
    readonly epochs: number;
    readonly seconds: number;
    readonly trainer: string;
    readonly attempt: number;
    readonly message?: string;
  }[];
  readonly best: { readonly id: string };
  readonly selection: { readonly trial: string; readonly bestMeasured: string };
  readonly test: { readonly loss: number; readonly accuracy: number; readonly interval: readonly [number, number] };
  readonly wallSeconds: number;
}

/** Options for trials of some seconds: long enough for an interruption, short enough for a test. */
export const LONG_TRIALS = ["--epochs", "120"] as const;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** Lines of standard error. */
  readonly lines: readonly string[];
}

/** Returns the document of a command that succeeded. */
export function resultsOf<T = Results>({ code, stdout, lines }: Ended): T {
  assert.equal(code, 0, lines.join("\n"));
  return JSON.parse(stdout) as T;
}

/** Checks that a study completed with all its trials. */
export function assertAllCompleted({ study, trials }: Results, count: number): void {
  assert.equal(study.state, "completed");
  assert.deepEqual(
    trials.map(({ state }) => state),
    Array(count).fill("completed"),
    JSON.stringify(trials, undefined, 1),
  );
}

/**
 * A folder with a spec for one test. The end of the test deletes it and ends all processes that
 * runs in it started.
 */
export class CommandFolder {
  readonly folder = mkdtempSync(join(tmpdir(), "sintonia-e2e-"));
  readonly #running = new Set<ChildProcess>();
  readonly #node: string;

  /** @param node - the Node that runs the commands */
  constructor(context: TestContext, node = process.execPath) {
    this.#node = node;
    writeFileSync(join(this.folder, "small.yaml"), SMALL_SPEC);
    context.after(() => this.#cleanUp());
  }

  /** Starts `sintonia run --json` in the folder. */
  run(...args: string[]): RunningCommand {
    return this.#start(["run", "small.yaml", ...args]);
  }

  /** Starts `sintonia run SPEC --json` in the folder. */
  runSpec(spec: string, ...args: string[]): RunningCommand {
    return this.#start(["run", spec, ...args]);
  }

  /** Starts `sintonia run SPEC --json` in the folder with further environment variables. */
  runSpecWith(changes: NodeJS.ProcessEnv, spec: string, ...args: string[]): RunningCommand {
    return this.#start(["run", spec, ...args], changes);
  }

  /** Writes the files of an example that comes with Sintonia into the folder. */
  writeExample(name: string): void {
    for (const file of starterFiles(name)) copyFileSync(file.path, join(this.folder, file.name));
  }

  /** Starts `sintonia reproduce --json` in the folder. */
  reproduce(...args: string[]): RunningCommand {
    return this.#start(["reproduce", ...args]);
  }

  /** Starts another command with --json, which reads the studies of the folder. */
  read(...args: string[]): RunningCommand {
    return this.#start(args);
  }

  /** Starts a command with --json on a machine on which no NATS server can be started. */
  readWithoutServer(...args: string[]): RunningCommand {
    return this.#start(args, { SINTONIA_NATS_SERVER: join(this.folder, "no-server") });
  }

  /** Starts a command that has no run folder. */
  command(...args: string[]): RunningCommand {
    return this.#spawn(args, {});
  }

  #start(args: readonly string[], changes: NodeJS.ProcessEnv = {}): RunningCommand {
    return this.#spawn([...args, "--json", "--dir", "run"], changes);
  }

  #spawn(args: readonly string[], changes: NodeJS.ProcessEnv): RunningCommand {
    // The short lease lets the trial of a dead trainer wait some seconds only, but is long enough
    // for a busy machine. The checkpoint interval gives a trial of some seconds a checkpoint.
    const env = {
      ...process.env,
      [MARK]: this.folder,
      SINTONIA_LEASE_TTL_MS: "6000",
      SINTONIA_CHECKPOINT_INTERVAL_MS: "300",
      NATS_URL: "",
      ...changes,
    };
    const child = spawn(this.#node, [MAIN, ...args], {
      cwd: this.folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    return new RunningCommand(child);
  }

  path(...parts: string[]): string {
    return join(this.folder, "run", ...parts);
  }

  /** Returns the id of a process of the run. */
  pidOf(name: string): number {
    const records = JSON.parse(readFileSync(this.path("processes.json"), "utf8")) as { name: string; pid: number }[];
    const record = records.find((one) => one.name === name);
    if (record === undefined) throw new Error(`the run has no process called ${name}`);
    return record.pid;
  }

  /**
   * Waits until a trial has reported an epoch (with `saved`: also saved a checkpoint) and still
   * trains. The id `test` means the test run.
   */
  async untilTraining(trialId: string | undefined, { saved = false, study = "small" } = {}): Promise<Trial> {
    const { coordinator } = JSON.parse(readFileSync(this.path("cluster.json"), "utf8")) as { coordinator: string };
    const { client, close } = connectAdminService(coordinator, runSecurity(new RunFolder(this.path()), coordinator));
    try {
      for await (const { study: present, trials } of client.watchStudy({ studyId: study })) {
        const trial = [...trials, ...(present?.testRun === undefined ? [] : [present.testRun])].find(
          ({ id }) => id === trialId,
        );
        if (trial?.state === TrialState.RUNNING && (!saved || trial.checkpoint !== undefined)) return trial;
        assert.ok(trial === undefined || trial.state <= TrialState.RUNNING, `trial ${trialId} has ended already`);
      }
      throw new Error(`the study ended without trial ${trialId}`);
    } finally {
      close();
    }
  }

  /**
   * Returns the command lines of live processes that runs in this folder started; empty without
   * procfs.
   */
  leftProcesses(): string[] {
    return processesWith(MARK, this.folder);
  }

  async #cleanUp(): Promise<void> {
    for (const child of this.#running) {
      if (child.exitCode === null && child.signalCode === null && child.kill("SIGINT")) await once(child, "exit");
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running command. */
export class RunningCommand {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<() => void>();
  #hasEnded = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = this.#collect();
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** Waits for a line on standard error. @throws if the command ends without such a line */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (let next = 0; ; next += 1) {
      while (next >= this.#lines.length) {
        if (this.#hasEnded) throw new Error(`no line matches ${pattern}:\n${this.#lines.join("\n")}`);
        await new Promise<void>((resolve) => this.#listeners.add(resolve));
      }
      const match = pattern.exec(this.#lines[next] ?? "");
      if (match !== null) return match;
    }
  }

  async #collect(): Promise<Ended> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error("the command has no pipes");
    let text = "";
    stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    createInterface(stderr).on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    const [code] = (await once(this.#child, "close")) as [number | null];
    this.#hasEnded = true;
    this.#wake();
    return { code, stdout: text, lines: this.#lines };
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
