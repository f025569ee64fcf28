import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const OUTPUT_MAX_BYTES = 64 * 2 ** 20;

/** The program kubectl on one cluster. */
export class Kubectl {
  readonly #program: string;
  readonly #kubeconfig: string;

  constructor(program: string, kubeconfig: string) {
    this.#program = program;
    this.#kubeconfig = kubeconfig;
  }

  /** Runs a command. @returns its standard output @throws with its standard error if it fails */
  async run(...args: string[]): Promise<string> {
    const command = ["--kubeconfig", this.#kubeconfig, ...args];
    const { stdout } = await run(this.#program, command, { maxBuffer: OUTPUT_MAX_BYTES });
    return stdout;
  }

  /** Makes or changes one object, which the server validates. */
  async apply(object: object): Promise<void> {
    const args = ["apply", "--server-side", "--validate=strict", "--filename", "-"];
    const running = run(this.#program, ["--kubeconfig", this.#kubeconfig, ...args]);
    running.child.stdin?.end(JSON.stringify(object));
    await running;
  }

  /** Starts a command that runs until the caller ends it. It ends with this process. */
  start(...args: string[]): ChildProcess {
    const command = ["--pdeathsig", "TERM", this.#program, "--kubeconfig", this.#kubeconfig, ...args];
    return spawn("setpriv", command, { stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Returns the objects that `kubectl get` finds. */
  async list<T>(...args: string[]): Promise<readonly T[]> {
    return (JSON.parse(await this.run("get", ...args, "--output", "json")) as { readonly items: readonly T[] }).items;
  }
}
