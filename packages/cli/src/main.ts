import { runProgram } from "./program.js";

// A reader that closes the pipe early, as in `sintonia list | head`, is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), process);
