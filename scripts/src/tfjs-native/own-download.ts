import type { NativePackage } from "./native-package.js";
import { runProgram } from "./program.js";

/** Enough for a server on the other side of the world, and short where there is no network. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Runs the package's own install script, which downloads TensorFlow and an addon.
 *
 * @returns why it did not succeed, in one line; undefined if it did
 */
export async function downloadOwn({ name, downloadHost, folder }: NativePackage): Promise<string | undefined> {
  const { origin, host } = new URL(downloadHost);
  if (!(await answers(origin))) return `${host} cannot be reached`;
  const { succeeded, lastWords } = runProgram("npm", ["rebuild", name, "--ignore-scripts=false"], { cwd: folder });
  return succeeded ? undefined : lastWords;
}

/** The install script itself has no limit of time and reports no error of the server. */
async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}
