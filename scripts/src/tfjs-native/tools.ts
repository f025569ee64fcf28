import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { runProgram } from "./program.js";
import { StepError } from "./step-error.js";

/** What the build needs beside Node, and how to get it. */
const TOOLS = [
  { command: "python3", args: ["--version"], advice: "install Python 3 (Debian: python3)" },
  { command: "python3", args: ["-m", "pip", "--version"], advice: "install pip (Debian: python3-pip)" },
  { command: "make", args: ["--version"], advice: "install make (Debian: make)" },
  { command: "g++", args: ["--version"], advice: "install a C++ compiler (Debian: g++)" },
  { command: "npx", args: ["--version"], advice: "install npm" },
];

/**
 * Checks that the programs are there.
 *
 * @param needsPip - false where a wheel is at hand
 * @throws {StepError} that names one that is missing
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
 * Finds Node's headers, so that node-gyp need not download them. The addon uses Node-API alone, which is the same in
 * every version of Node that is in use, so those of another one beside it will do.
 *
 * @returns the folder above include/node; undefined if there are none
 */
export function nodeHeaders(): string | undefined {
  const prefixes = [dirname(dirname(process.execPath)), "/usr", "/usr/local"];
  return prefixes.find((prefix) => existsSync(join(prefix, "include", "node", "common.gypi")));
}
