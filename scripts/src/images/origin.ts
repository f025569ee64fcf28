import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, runStep } from "../steps/program.js";
import { type Origin, publicAddress } from "./labels.js";

/**
 * Reads the origin of a build from git. SOURCE_DATE_EPOCH, if set, replaces the time of the commit.
 *
 * @param root - a checkout
 * @throws {StepError} if git does not answer
 */
export function readOrigin(root: string, sourceDateEpoch: string | undefined): Origin {
  const git = (...args: readonly string[]): string => runStep("git", "git", ["-C", root, ...args]).trim();
  const remote = runProgram("git", ["-C", root, "remote", "get-url", "origin"]);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
  return {
    version,
    revision: git("rev-parse", "HEAD") + (git("status", "--porcelain") === "" ? "" : "-dirty"),
    source: remote.succeeded ? publicAddress(remote.output) : undefined,
    epochSeconds: Number(sourceDateEpoch ?? git("log", "-1", "--format=%ct")),
  };
}
