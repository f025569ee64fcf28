import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProcessMark } from "./process-table.js";

const GUARD_PATH = fileURLToPath(new URL("./guard-main.js", import.meta.url));

/** An execution that the guard ends when this process is gone. */
export interface Guarded extends ProcessMark {
  readonly graceMs: number;
}

/** A message to the guard, as one line of JSON. */
export type GuardMessage =
  | { readonly type: "watch"; readonly guarded: Guarded }
  | { readonly type: "forget"; readonly mark: string };

/**
 * A small process that ends programs and deletes their folders when this process dies without doing
 * so, as after kill -9. Programs are no children that the system would end with their parent.
 */
export class ProgramGuard {
  #process: ChildProcess | undefined;

  /** Guards an execution. A repeat with the same mark replaces what is known of it. */
  watch(guarded: Guarded): void {
    this.#process ??= this.#start();
    this.#send({ type: "watch", guarded });
  }

  /** Ends the guarding of an execution of which nothing is left. */
  forget(mark: string): void {
    this.#send({ type: "forget", mark });
  }

  /** Ends the guard. It then ends what it still watches. */
  close(): void {
    this.#process?.stdin?.end();
    this.#process = undefined;
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, [GUARD_PATH], { stdio: ["pipe", "ignore", 2], detached: true, env: {} });
    // Ignored: without its guard a program still ends with this process's orderly end.
    child.on("error", () => {});
    child.stdin?.on("error", () => {});
    child.unref();
    (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    return child;
  }

  #send(message: GuardMessage): void {
    if (this.#process?.stdin?.writable) this.#process.stdin.write(`${JSON.stringify(message)}\n`);
  }
}
