import { fileURLToPath } from "node:url";
import { runProgram } from "../steps/program.js";
import type { NativePackage } from "./native-package.js";

/** A device that a package computes on. */
export type Device = "CPU" | "GPU";

/** The result of the verification of a package. */
export type Verification =
  | { readonly works: true; readonly device: Device }
  | { readonly works: false; readonly reason: string };

const PROGRAM = fileURLToPath(new URL("./verification-step.js", import.meta.url));

/** Executes a training step in a separate process, because an incompatible library may crash it. */
export function verifyPackage({ name }: NativePackage): Verification {
  const { succeeded, output, errorLine } = runProgram(process.execPath, [PROGRAM, name]);
  if (!succeeded) return { works: false, reason: errorLine };
  return { works: true, device: output.trimEnd().endsWith("GPU") ? "GPU" : "CPU" };
}
