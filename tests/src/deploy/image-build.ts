// Executes the steps of a Dockerfile on plain folders, one for each stage. Skips the base image,
// and the commands of the last stage, which only create folders.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isIgnored } from "./build-context.js";
import type { CopyStep, ImageRecipe, Stage } from "./dockerfile.js";
import { ROOT } from "./repository.js";

/** The file system of a stage during the build. */
interface StageFiles {
  readonly root: string;
  readonly workingFolder: string;
}

/**
 * Builds the folder /app of an image.
 *
 * @param folder - an empty folder; receives a folder for each stage
 * @returns the folder that represents /app
 */
export function buildImageFolders({ stages }: ImageRecipe, folder: string): string {
  const built = new Map<string, StageFiles>();
  let last: StageFiles = { root: folder, workingFolder: "/" };
  for (const [position, stage] of stages.entries()) {
    const start = begin(stage, join(folder, stage.name || "image"), built);
    last = build(stage, start, { built, runs: position < stages.length - 1 });
    built.set(stage.name, last);
  }
  return join(last.root, last.workingFolder);
}

function begin({ base }: Stage, root: string, built: ReadonlyMap<string, StageFiles>): StageFiles {
  const before = built.get(base);
  mkdirSync(root, { recursive: true });
  if (before !== undefined) cpSync(before.root, root, { recursive: true, verbatimSymlinks: true });
  return { root, workingFolder: before?.workingFolder ?? "/" };
}

function build(
  { steps }: Stage,
  start: StageFiles,
  { built, runs }: { built: ReadonlyMap<string, StageFiles>; runs: boolean },
): StageFiles {
  let files = start;
  for (const step of steps) {
    if (step.kind === "WORKDIR") files = enter(files, step.path);
    else if (step.kind === "COPY") copy(step, files, built);
    else if (runs)
      execFileSync("sh", ["-c", step.command], { cwd: join(files.root, files.workingFolder), stdio: "pipe" });
  }
  return files;
}

function enter({ root }: StageFiles, workingFolder: string): StageFiles {
  mkdirSync(join(root, workingFolder), { recursive: true });
  return { root, workingFolder };
}

/**
 * Copies as COPY does: a folder by its content; several files, or a target that ends with a slash,
 * into a folder.
 */
function copy({ from, sources, target }: CopyStep, files: StageFiles, built: ReadonlyMap<string, StageFiles>): void {
  const origin = from === undefined ? ROOT : (built.get(from)?.root ?? "");
  const destination = join(files.root, files.workingFolder, target);
  for (const source of sources) {
    const path = join(origin, source);
    const wanted = (file: string): boolean => from !== undefined || !isIgnored(file.slice(ROOT.length));
    const isFile = /\.[a-z]+$/.test(basename(source)) || basename(source).startsWith(".");
    cpSync(path, isFile ? join(destination, basename(source)) : destination, {
      recursive: true,
      verbatimSymlinks: true,
      filter: wanted,
    });
  }
}
