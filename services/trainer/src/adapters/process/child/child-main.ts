// The training process: does what its parent says, and ends with it.
import { parseCommand, type Report } from "../protocol.js";
import { TrainingChild } from "./training-child.js";

// A signal to the whole group, such as Ctrl-C, is the parent's to handle.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
process.once("disconnect", () => process.exit(0));

// Ignored: where a report cannot be sent the parent is gone, and `disconnect` follows.
const child = new TrainingChild((report: Report) => void process.send?.(report, undefined, undefined, () => {}));
process.on("message", (message) => child.receive(parseCommand(message)));
