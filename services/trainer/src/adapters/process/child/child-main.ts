// The training process. It carries out its parent's commands and ends with its parent.

import { parseCommand, type Report } from "../protocol.js";
import { TrainingChild } from "./training-child.js";

// The parent handles signals to the whole process group, such as Ctrl-C.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
process.once("disconnect", () => process.exit(0));

// Ignored: if a report cannot be sent, the parent has ended, and `disconnect` follows.
const child = new TrainingChild((report: Report) => void process.send?.(report, undefined, undefined, () => {}));
process.on("message", (message) => child.receive(parseCommand(message)));
