// The training process. It carries out its parent's commands and ends with its parent.

import { parseCommand, type Report } from "../protocol.js";
import { TrainingChild } from "./training-child.js";

// The parent handles signals to the whole process group, such as Ctrl-C.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
process.once("disconnect", () => process.exit(0));

// The code of a user's module runs in this process, and has no business with the channel.
const send = process.send?.bind(process);
delete process.send;
process.disconnect = () => undefined;

// Ignored: if a report cannot be sent, the parent has ended, and `disconnect` follows.
const child = new TrainingChild((report: Report) => void send?.(report, undefined, undefined, () => {}));
process.on("message", (message) => child.receive(parseCommand(message)));
