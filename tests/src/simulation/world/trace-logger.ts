import type { Logger } from "@sintonia/runtime/logger";
import type { SimulatedProcess } from "./process.js";
import type { World } from "./world.js";

/** The line of an input that cannot be decided, which no fault of the world excuses. */
const UNDECIDABLE = "input cannot be decided, refused";

/** Creates a logger that notes a process's lines from level info on in the trace. */
export function traceLogger(world: World, { name }: SimulatedProcess, bindings: object = {}): Logger {
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      world.note(`${name} ${level}: ${message} ${factsOf({ ...bindings, ...fields })}`);
      if (message === UNDECIDABLE && "err" in fields) world.fail(fields.err);
    };
  const ignore = (): void => undefined;
  const logger = {
    fatal: write("fatal"),
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: ignore,
    trace: ignore,
    isLevelEnabled: (level: string) => level !== "debug" && level !== "trace",
    child: (more: object) => traceLogger(world, { name } as SimulatedProcess, { ...bindings, ...more }),
  };
  return logger as unknown as Logger;
}

function factsOf(fields: object): string {
  return JSON.stringify(fields, (key, value) => {
    if (key === "secret") return undefined;
    return key === "err" && value instanceof Error ? value.message : value;
  });
}
