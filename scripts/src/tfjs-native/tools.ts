import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";

/** Programs that the build needs, with advice for a missing one. */
const TOOLS = [
  { command: "python3", args: ["--version"], advice: "install Python 3 (Debian: python3)" },
  { command: "python3", args: ["-m", "pip", "--version"], advice: "install pip (Debian: python3-pip)" },
  { command: "make", args: ["--version"], advice: "install make (Debian: make)" },
  { command: "g++", args: ["--version"], advice: "install a C++ compiler (Debian: g++)" },
  { command: "npx", args: ["--version"], advice: "install npm" },
];

/**
 * Checks that the programs run.
 *
 * @param needsPip - false if the wheel is given
 * @returns names and versions, for the report
 * @throws {StepError} if a program is missing; names it
 */
export function checkTools(needsPip: boolean): string {
  const found = TOOLS.filter(({ args }) => needsPip || !args.includes("pip")).map((tool) => {
    const { succeeded, output, errorLine } = runProgram(tool.command, tool.args);
    if (!succeeded) {
      const reason = `${[tool.command, ...tool.args].join(" ")} does not run (${errorLine})`;
      throw new StepError("tools", { reason, advice: tool.advice });
    }
    return `${tool.args.includes("pip") ? "pip" : tool.command} ${/\d+(\.\d+)+/.exec(output)?.[0] ?? ""}`;
  });
  return found.join(", ");
}

/**
 * Finds Node's headers, so that node-gyp does not download them. Headers of another version of Node
 * serve as well: the addon uses Node-API only, which is stable across versions.
 *
 * @returns the folder above include/node; undefined if none has the headers
 */
export function nodeHeaders(): string | undefined {
  const prefixes = [dirname(dirname(process.execPath)), "/usr", "/usr/local"];
  return prefixes.find((prefix) => existsSync(join(prefix, "include", "node", "common.gypi")));
}
