// The errors of a user's module, in one line with the place in the module.

import { sep } from "node:path";
import { pathToFileURL } from "node:url";

/** An error of a user's module. The message is one line for its author. */
export class ModuleError extends Error {
  override readonly name = "ModuleError";
  /** True if the values are the cause, so that the trial is infeasible and not failed. */
  readonly isInfeasible: boolean;

  constructor(message: string, { isInfeasible = false, cause }: { isInfeasible?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isInfeasible = isInfeasible;
  }
}

/** Name of the errors by which a module declares its values infeasible. */
const INFEASIBLE = "InfeasibleError";

const MESSAGE_MAX = 500;

/** The module in which an error occurred. */
export interface ModulePlace {
  /** Folder of the module's files, absolute. */
  readonly folder: string;
  /** Path of the module in the folder. */
  readonly module: string;
}

/**
 * Converts what a module threw. An error with the name `InfeasibleError` makes the trial
 * infeasible.
 *
 * @param doing - what the module did, for example `build`
 */
export function thrownBy(place: ModulePlace, doing: string, error: unknown): ModuleError {
  if (error instanceof ModuleError) return error;
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const at = positionIn(place, error) ?? place.module;
  const text = oneLine(message, place);
  if (name === INFEASIBLE) return new ModuleError(`${at}: ${text}`, { isInfeasible: true, cause: error });
  const thrown = name === "" || name === "Error" ? `threw: ${text}` : `threw ${name}: ${text}`;
  return new ModuleError(`${at}: ${doing} ${thrown}`, { cause: error });
}

/** Returns the innermost position of an error in the module's files: "model.mjs:12". */
function positionIn({ folder }: ModulePlace, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const root of rootsOf(folder)) {
    const start = stack.indexOf(root);
    const found = start < 0 ? null : /^([^\n]*?:\d+)/u.exec(stack.slice(start + root.length));
    if (found !== null) return found[1];
  }
  return undefined;
}

function oneLine(message: string, { folder }: ModulePlace): string {
  const short = rootsOf(folder).reduce((text, root) => text.replaceAll(root, ""), message);
  const line = short.replaceAll(/\s+/gu, " ").trim();
  return line.length > MESSAGE_MAX ? `${line.slice(0, MESSAGE_MAX)} ...` : line;
}

/** Returns the forms of a folder in stacks and messages of Node. */
function rootsOf(folder: string): string[] {
  return [`${pathToFileURL(folder).href}/`, `${folder}${sep}`];
}
