import { fileURLToPath } from "node:url";
import type { NativePackage } from "./native-package.js";
import { runProgram } from "./program.js";

export type Device = "CPU" | "GPU";

/** Whether a package works, and where it computes. */
export type Verification =
  | { readonly works: true; readonly device: Device }
  | { readonly works: false; readonly reason: string };

const PROGRAM = fileURLToPath(new URL("./verification-step.js", import.meta.url));

/** Trains one step in a process of its own: a library that does not fit can end a process. */
export function verifyPackage({ name }: NativePackage): Verification {
  const { succeeded, output, errorLine } = runProgram(process.execPath, [PROGRAM, name]);
  if (!succeeded) return { works: false, reason: errorLine };
  return { works: true, device: output.trimEnd().endsWith("GPU") ? "GPU" : "CPU" };
}
