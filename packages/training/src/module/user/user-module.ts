import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { ModuleError, type ModulePlace, thrownBy } from "./module-error.js";

/** A function of a module. Its types are those of `@sintonia/module`. */
export type ModuleFunction = (context: Readonly<Record<string, unknown>>) => unknown;

/** The exports of a module. */
export interface UserModule {
  readonly place: ModulePlace;
  readonly build: ModuleFunction;
  readonly fit?: ModuleFunction;
}

/** Frames of a stack: an error deep inside of tfjs names the line of the module that called it. */
const STACK_FRAMES = 50;

const TYPESCRIPT = /\.m?ts$/u;

/**
 * Imports a module. Node keeps a module once it is imported, so that the folder of other content
 * needs another name.
 *
 * @throws {ModuleError} if the module cannot be imported or lacks an export
 */
export async function importModule(place: ModulePlace): Promise<UserModule> {
  const exports = await exportsOf(place);
  const { build, fit } = exports;
  if (typeof build !== "function") throw new ModuleError(`${place.module}: ${missing("build", build)}`);
  if (fit !== undefined && typeof fit !== "function") throw new ModuleError(`${place.module}: ${missing("fit", fit)}`);
  return { place, build: build as ModuleFunction, ...(fit === undefined ? {} : { fit: fit as ModuleFunction }) };
}

/**
 * Returns the search space that a module exports as `parameters`; undefined if it exports none.
 *
 * @throws {ModuleError} if the module cannot be imported
 */
export async function exportedParameters(place: ModulePlace): Promise<unknown> {
  return (await exportsOf(place))["parameters"];
}

async function exportsOf(place: ModulePlace): Promise<Readonly<Record<string, unknown>>> {
  Error.stackTraceLimit = STACK_FRAMES;
  try {
    const exports = (await import(pathToFileURL(join(place.folder, place.module)).href)) as Record<string, unknown>;
    const { default: only } = exports;
    // CommonJS, and a default export of an object, have their functions there.
    return exports["build"] === undefined && isRecord(only) ? only : exports;
  } catch (error) {
    throw explained(place, error instanceof SyntaxError ? await located(place, error) : error);
  }
}

/** Adds the position of a syntax error to its stack: Node tells it only when it checks a file. */
async function located({ folder, module }: ModulePlace, error: SyntaxError): Promise<SyntaxError> {
  const checked = await promisify(execFile)(process.execPath, ["--check", join(folder, module)]).catch(
    ({ stderr }: { readonly stderr?: string }) => ({ stderr }),
  );
  error.stack = `${checked.stderr ?? ""}${error.stack ?? ""}`;
  return error;
}

function explained(place: ModulePlace, error: unknown): ModuleError {
  const { code } = error as { readonly code?: string };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION" && TYPESCRIPT.test(place.module)) {
    const advice = "use Node 22.18 or newer on every trainer, or compile the module to .mjs";
    return new ModuleError(`${place.module}: Node ${process.versions.node} does not read TypeScript; ${advice}`);
  }
  const thrown = thrownBy(place, "its import", error);
  if (code !== "ERR_MODULE_NOT_FOUND") return thrown;
  const advice =
    "a module imports its own files, which model.files lists, and modules of Node; it gets tf as an argument";
  return new ModuleError(`${thrown.message}; ${advice}`, { cause: error });
}

function missing(name: string, found: unknown): string {
  const given = found === undefined ? `it has no export called ${name}` : `its export ${name} is no function`;
  return `${given}; expected export function build({ tf, values, dataset })`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
