import { resolve } from "node:path";
import { ModuleError } from "@sintonia/training/module/user/module-error";
import { exportedParameters } from "@sintonia/training/module/user/user-module";
import { modulePath } from "@sintonia/tuning/plan/module-plan";
import { valueAtPath } from "@sintonia/tuning/validation/problems";
import { UsageError } from "../../system/usage-error.js";

/**
 * Fills in the parameters of a spec that has none from those that its module exports. Runs the
 * module, which is code of the person who calls the command.
 *
 * @param spec - the spec as it was read, which may have problems
 * @param folder - folder of the spec
 * @throws {UsageError} if the module cannot be imported
 */
export async function withModuleParameters(spec: unknown, folder: string): Promise<unknown> {
  const module = valueAtPath(spec, ["model", "module"]);
  if (typeof module !== "string" || valueAtPath(spec, ["parameters"]) !== undefined) return spec;
  const parameters = await readParameters({ folder: resolve(folder), module: modulePath(module) });
  return parameters === undefined ? spec : { ...(spec as object), parameters };
}

/** Returns the exported parameters as plain values, which alone a spec can have. */
async function readParameters(place: { readonly folder: string; readonly module: string }): Promise<unknown> {
  try {
    const parameters = await exportedParameters(place);
    return parameters === undefined ? undefined : JSON.parse(JSON.stringify(parameters));
  } catch (error) {
    const reason = error instanceof ModuleError ? error.message : `${place.module}: its parameters are no plain values`;
    throw new UsageError(reason, { code: "MODULE_UNUSABLE", facts: { module: place.module }, cause: error });
  }
}
