// Trials whose model a user's module builds.

import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ModelFacts } from "@sintonia/training/evaluation/model-facts";
import { encodeModuleModel } from "@sintonia/training/module/module-file";
import { trainModule } from "@sintonia/training/module/train-module";
import { ModuleError } from "@sintonia/training/module/user/module-error";
import type { TrialContext, TrialResult } from "@sintonia/training/trial/trial";
import type { ModulePlan } from "@sintonia/tuning/plan/module-plan";
import type { ChildSettings } from "../protocol.js";
import { useModuleFolder } from "./module-folders.js";

/** A trial that this trainer cannot train, although another one may. */
export class UnsuitableTrainerError extends Error {
  override readonly name = "UnsuitableTrainerError";
}

/** The surroundings of a module's trial. */
interface ModuleSurroundings {
  readonly settings: ChildSettings;
  /** The module's files on this machine, by their paths in the plan. */
  readonly files: Readonly<Record<string, string>>;
}

/** The end of a trial, with the model file and the asked facts if it completed. */
export type ModuleOutcome =
  | (Extract<TrialResult, { kind: "completed" }> & { readonly bytes: Uint8Array; readonly facts: ModelFacts })
  | Exclude<TrialResult, { kind: "completed" }>;

/**
 * Trains the model of a module.
 *
 * @throws {UnsuitableTrainerError} if this trainer runs no code of users
 * @throws {ModuleError} if the module throws, or gives no model
 */
export async function runModuleTrial(
  plan: ModulePlan,
  context: TrialContext,
  { settings, files }: ModuleSurroundings,
): Promise<ModuleOutcome> {
  if (settings.allowPrograms !== true) {
    const advice = "set SINTONIA_ALLOW_PROGRAMS=true on trainers that may run the code of their users";
    throw new UnsuitableTrainerError(`this trainer runs no modules; ${advice}`);
  }
  const folder = await makeFolder(plan, files, join(settings.cacheDir, "modules"));
  // A property of all objects would outlive the trial, and be an unknown key of every later plan.
  Object.preventExtensions(Object.prototype);
  const { result, model, facts } = await trainModule(plan, { ...context, folder });
  if (result.kind !== "completed") return result;
  return { ...result, bytes: encodeModuleModel({ ...model, weights: result.weights }), facts };
}

/**
 * Writes the module's files into a folder of their content's name, so that a changed module is
 * another one for Node. Equal files of an earlier trial stay.
 */
async function makeFolder(
  { model }: ModulePlan,
  files: Readonly<Record<string, string>>,
  parent: string,
): Promise<string> {
  const contents = Object.entries(model.files).map(([path, { sha256 }]) => [path, sha256]);
  const name = digestOf(Buffer.from(JSON.stringify(contents.sort())));
  const folder = join(parent, name);
  for (const [path, { sha256 }] of Object.entries(model.files)) {
    const source = files[path];
    if (source === undefined) throw new ModuleError(`${path}: the trainer has not received the file`);
    await place(join(folder, path), sha256, () => readFile(source));
  }
  // A file with the ending .js is an ES module, unless a package.json of the module decides.
  if (!Object.hasOwn(model.files, "package.json")) {
    const content = Buffer.from('{ "type": "module" }\n');
    await place(join(folder, "package.json"), digestOf(content), async () => content);
  }
  await useModuleFolder(parent, name, Date.now());
  return folder;
}

/** Writes a file unless it has its content already. Trainers of one machine share the folder. */
async function place(path: string, sha256: string, read: () => Promise<Buffer>): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present !== undefined && digestOf(present) === sha256) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, await read());
  await rename(draft, path);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
