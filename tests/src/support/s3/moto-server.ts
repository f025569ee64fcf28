import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../../s3/server.py", import.meta.url));
/** Python with moto, which `scripts/test` installs where the machine's Python lacks it. */
const OWN_PYTHON = fileURLToPath(new URL("../../../../.cache/moto/bin/python", import.meta.url));

/** The Python that has moto's server, or the reason why there is none. */
export function s3Python(): { readonly python: string } | { readonly missing: string } {
  for (const python of [OWN_PYTHON, "python3"]) {
    if (python === OWN_PYTHON && !existsSync(python)) continue;
    try {
      execFileSync(python, ["-c", "import boto3, moto.server"], { stdio: "pipe" });
      return { python };
    } catch {
      // Another one may have it.
    }
  }
  return { missing: "no Python with moto[server]; ./scripts/test installs it" };
}

/** An S3 server that checks signatures. The caller ends it. */
export class S3Server {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  /** The variables of a reader's login. */
  environment: Readonly<Record<string, string>> = {};
  /** ARN of a role that may read. The server accepts any token for it. */
  role = "";

  private constructor(python: string) {
    this.#child = spawn(python, [SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
    this.#reader = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async start(python: string): Promise<S3Server> {
    const server = new S3Server(python);
    const { endpoint, id, secret, role } = await server.#answer();
    server.environment = {
      AWS_ENDPOINT_URL: endpoint as string,
      AWS_ACCESS_KEY_ID: id as string,
      AWS_SECRET_ACCESS_KEY: secret as string,
    };
    server.role = role as string;
    return server;
  }

  /** Stores an object in the bucket `tables`. */
  async put(key: string, bytes: Buffer): Promise<void> {
    this.#child.stdin?.write(`${JSON.stringify({ key, hex: bytes.toString("hex") })}\n`);
    await this.#answer();
  }

  /** Lets the next call pass without a check: one for keys has no signature. */
  async skipCheck(): Promise<void> {
    this.#child.stdin?.write(`${JSON.stringify({ free: 1 })}\n`);
    await this.#answer();
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => void this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    this.#child.kill();
    await ended;
    this.#reader.close();
  }

  async #answer(): Promise<Record<string, string>> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("the S3 server ended; its errors are above");
    return JSON.parse(value) as Record<string, string>;
  }
}
