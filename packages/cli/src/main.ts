import { runProgram } from "./program.js";
import { handleLostOutput } from "./system/text/output.js";

// Deprecations are for developers. grpc-js causes one for each TLS connection to an IP address.
process.noDeprecation = true;
const isOutputLost = handleLostOutput(process);
process.exitCode = await runProgram(process.argv.slice(2), process);
// A failed write is known only after it was tried, in the end.
process.once("exit", (code) => {
  if (code === 0 && isOutputLost()) process.exitCode = 1;
});
