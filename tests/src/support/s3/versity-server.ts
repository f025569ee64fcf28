import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "@sintonia/cli/system/ports";
import { retry } from "@sintonia/runtime/backoff";
import { goPrograms, S3_GATEWAY } from "@sintonia/scripts/go/programs";

/** The program of the S3 server, or the reason why there is none. */
export function versityProgram(): { readonly program: string } | { readonly missing: string } {
  const folder = goPrograms(S3_GATEWAY);
  if (folder === undefined) return { missing: "no versitygw; ./scripts/test builds it where there is Go" };
  return { program: join(folder, "versitygw") };
}

/** An S3 server that stores buckets as folders: VersityGW. The caller ends it. */
export class VersityServer {
  readonly #program: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  readonly port: number;

  private constructor(program: string, folder: string, port: number) {
    this.#program = program;
    this.#folder = folder;
    this.port = port;
  }

  /** Starts a server on a free loopback port. @param folder - its buckets; `tables` is made */
  static async start(program: string, folder: string): Promise<VersityServer> {
    mkdirSync(join(folder, "tables"), { recursive: true });
    const server = new VersityServer(program, folder, (await freePorts(1))[0] as number);
    await server.restart();
    return server;
  }

  /** The variables of its login. */
  get environment(): Readonly<Record<string, string>> {
    return environmentAt(this.port);
  }

  /** Starts the server on its port, unless it runs. */
  async restart(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) return;
    const login = ["--access", "owner", "--secret", "owner-secret", "--region", "us-east-1"];
    const args = ["--quiet", "--port", `127.0.0.1:${this.port}`, ...login, "posix", this.#folder];
    const child = spawn("setpriv", ["--pdeathsig", "KILL", this.#program, ...args], { stdio: "ignore" });
    this.#child = child;
    await retry(
      async () => {
        if (child.exitCode !== null) throw new Error(`versitygw ended with ${child.exitCode}`);
        await fetch(`http://127.0.0.1:${this.port}/`);
      },
      { delayMs: 20, delayMaxMs: 100, deadlineMs: 20_000, isTransient: () => child.exitCode === null },
    );
  }

  /** Ends the server as kill -9 does. Its buckets stay. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** Returns the variables of the server's login behind a port. */
export function environmentAt(port: number): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "owner",
    AWS_SECRET_ACCESS_KEY: "owner-secret",
  };
}
