import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Characters of a log that an error quotes. */
const QUOTED_CHARACTERS = 2_000;

/** A process of the cluster. It ends with this process, however that ends. */
export class ClusterProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: string;

  /**
   * @param folder - receives its log
   * @param environment - its variables beside those of this process
   */
  constructor(
    command: readonly [string, ...string[]],
    { name, folder, environment = {} }: { name: string; folder: string; environment?: NodeJS.ProcessEnv },
  ) {
    this.name = name;
    this.#log = join(folder, `${name}.log`);
    const log = openSync(this.#log, "w");
    const env = { ...process.env, ...environment };
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { env, stdio: ["ignore", log, log] });
    closeSync(log);
  }

  /** @throws if the process has ended */
  assertRuns(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) return;
    const text = readFileSync(this.#log, "utf8").slice(-QUOTED_CHARACTERS);
    throw new Error(`${this.name} ended with ${exitCode ?? signalCode}:\n${text}`);
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
