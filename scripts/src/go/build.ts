// Builds the programs for the tests from their Go modules.

import { spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram, runStep } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";
import { CACHE, GO_PROGRAMS, type GoPrograms, homeOf, isComplete, MODULES } from "./programs.js";

/** Compiled packages: all sets use the standard library, and some use packages of others. */
const COMPILED = join(CACHE, "go-build");
const ENVIRONMENT = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off", GOCACHE: COMPILED };

/**
 * Starts to fetch the modules of the sets that are not built, in their order. A build waits for
 * the modules that it needs. Ignores errors: the build meets the same error, and names it.
 */
export function fetchModules(): void {
  const missing = GO_PROGRAMS.filter((programs) => !isComplete(programs));
  const lists = missing.map(({ folder, tags = [] }) => `go list -C ${folder} -deps -tags=${tags.join(",")} tool`);
  const options = { cwd: MODULES, env: { ...process.env, ...ENVIRONMENT }, stdio: "ignore" } as const;
  spawn("sh", ["-c", lists.join("\n")], options).unref();
}

/**
 * Builds programs into the cache of this checkout, unless they are there. Installs nothing on the
 * machine, apart from modules in Go's own cache.
 *
 * @param report - receives one line before the long step
 * @returns one line: where the programs are
 * @throws {StepError} if there is no Go, or the build fails
 */
export function prepareGoPrograms(programs: GoPrograms, report: (line: string) => void): string {
  const { title, version, cost } = programs;
  const home = homeOf(programs);
  if (!isComplete(programs)) {
    requireGo(title);
    report(`${title}: building version ${version} from its Go module, ${cost} ...`);
    build(programs, home);
  }
  return `${title} ${version} from ${home}`;
}

/** Deletes the compiled packages, 7 GB after the builds of all sets. */
export function removeCompiledPackages(): void {
  rmSync(COMPILED, { recursive: true, force: true });
}

function requireGo(title: string): void {
  const { succeeded, errorLine } = runProgram("go", ["version"]);
  if (succeeded) return;
  throw new StepError(title, { reason: `no Go builds it (${errorLine})`, advice: "install Go 1.21 or newer" });
}

function build({ title, folder, tags = [] }: GoPrograms, home: string): void {
  const partial = `${home}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(home), { recursive: true });
  // Without debug information, which takes a tenth of the time.
  const flags = ["-trimpath", "-gcflags=all=-dwarf=false", "-ldflags=-s -w", `-tags=${tags.join(",")}`];
  const options = { cwd: join(MODULES, folder), env: ENVIRONMENT };
  try {
    runStep(title, "go", ["build", ...flags, "-o", `${partial}/`, "tool"], options);
    rmSync(home, { recursive: true, force: true });
    renameSync(partial, home);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
