import type { EngineName } from "./engine.js";
import { EngineUnavailableError } from "./engine-error.js";
import type { EngineSettings } from "./engine-settings.js";

/**
 * Imports an engine's library, an ES module or a CommonJS module.
 *
 * @throws {EngineUnavailableError} if the package is not installed, lacks its native part, or does
 * not load
 */
export async function importLibrary(
  engine: EngineName,
  specifier: string,
  importModule: EngineSettings["importModule"],
): Promise<unknown> {
  try {
    return unwrapped(await importModule(specifier));
  } catch (cause) {
    throw new EngineUnavailableError(engine, { ...explain(specifier, cause), cause });
  }
}

/**
 * Returns a CommonJS module's exports: import() puts them in `default` if it cannot list their
 * names.
 */
function unwrapped(module: unknown): unknown {
  const { default: exports } = module as { readonly default?: unknown };
  return typeof exports === "object" && exports !== null ? exports : module;
}

function explain(specifier: string, cause: unknown): { readonly reason: string; readonly advice: string } {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (isAbsent(specifier, cause)) {
    return { reason: `the package ${specifier} is not installed`, advice: `install it: npm install ${specifier}` };
  }
  if (message.includes("native addon module") || message.includes(".node")) {
    const reason = `the package ${specifier} is installed without its native part`;
    const option = specifier.endsWith("-gpu") ? " --gpu" : "";
    return { reason, advice: `build it: ./scripts/build-tfjs-native${option}` };
  }
  const reason = `the package ${specifier} did not load (${firstLine(message)})`;
  return { reason, advice: "choose another engine, or install the libraries that it names" };
}

/**
 * Returns true if the package itself is missing. A missing dependency is a broken installation
 * instead.
 */
function isAbsent(specifier: string, cause: unknown): boolean {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  return missing && (message?.includes(`'${specifier}'`) ?? false);
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] as string;
}
