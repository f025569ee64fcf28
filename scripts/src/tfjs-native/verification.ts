import { fileURLToPath } from "node:url";
import type { NativePackage } from "./native-package.js";
import { runProgram } from "./program.js";

export type Device = "CPU" | "GPU";

/** Whether a package works, and where it computes. */
export type Trial =
  | { readonly works: true; readonly device: Device }
  | { readonly works: false; readonly reason: string };

const PROGRAM = fileURLToPath(new URL("./verification-step.js", import.meta.url));

/** Trains one step in a process of its own: a library that does not fit can end a process. */
export function tryPackage({ name }: NativePackage): Trial {
  const { succeeded, output, lastWords } = runProgram(process.execPath, [PROGRAM, name]);
  if (!succeeded) return { works: false, reason: lastWords };
  return { works: true, device: output.trimEnd().endsWith("GPU") ? "GPU" : "CPU" };
}
