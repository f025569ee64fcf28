// A process that starts a program and is killed by a test. Its first argument is the folder.

import { ProgramExecution } from "../execution/program-execution.js";
import { makeFolder } from "../folder/execution-folder.js";
import { ProgramGuard } from "./guard.js";

const [root = "", mark = ""] = process.argv.slice(2);
const folder = await makeFolder(root, {}, undefined);
new ProgramExecution(
  {
    command: ["sh", "-c", "trap '' TERM; setsid sleep 1000 & echo started; sleep 1000"],
    environment: { PATH: process.env["PATH"] ?? "" },
    folder,
    mark,
    metrics: { from: "report" },
    objective: "score",
    firstEpoch: 0,
    graceMs: 100,
  },
  {
    guard: new ProgramGuard(),
    onReport: async () => "continue",
    onOutput: (bytes) => void process.stdout.write(bytes),
  },
);
