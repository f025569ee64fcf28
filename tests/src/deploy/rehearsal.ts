// Executes the steps of a Dockerfile on plain folders, one for each stage. Skips the base image,
// and the commands of the last stage, which only create folders.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isIgnored } from "./build-context.js";
import type { CopyStep, ImageRecipe, Stage } from "./dockerfile.js";
import { ROOT } from "./repository.js";

/** The file system of a stage during the build. */
interface Place {
  readonly root: string;
  readonly workingFolder: string;
}

/**
 * Builds the folder /app of an image.
 *
 * @param folder - an empty folder; receives a folder for each stage
 * @returns the folder that represents /app
 */
export function rehearse({ stages }: ImageRecipe, folder: string): string {
  const places = new Map<string, Place>();
  let last: Place = { root: folder, workingFolder: "/" };
  for (const [position, stage] of stages.entries()) {
    const start = begin(stage, join(folder, stage.name || "image"), places);
    last = build(stage, start, { places, runs: position < stages.length - 1 });
    places.set(stage.name, last);
  }
  return join(last.root, last.workingFolder);
}

function begin({ base }: Stage, root: string, places: ReadonlyMap<string, Place>): Place {
  const before = places.get(base);
  mkdirSync(root, { recursive: true });
  if (before !== undefined) cpSync(before.root, root, { recursive: true, verbatimSymlinks: true });
  return { root, workingFolder: before?.workingFolder ?? "/" };
}

function build(
  { steps }: Stage,
  start: Place,
  { places, runs }: { places: ReadonlyMap<string, Place>; runs: boolean },
): Place {
  let place = start;
  for (const step of steps) {
    if (step.kind === "WORKDIR") place = enter(place, step.path);
    else if (step.kind === "COPY") copy(step, place, places);
    else if (runs)
      execFileSync("sh", ["-c", step.command], { cwd: join(place.root, place.workingFolder), stdio: "pipe" });
  }
  return place;
}

function enter({ root }: Place, workingFolder: string): Place {
  mkdirSync(join(root, workingFolder), { recursive: true });
  return { root, workingFolder };
}

/**
 * Copies as COPY does: a folder by its content; several files, or a target that ends with a slash,
 * into a folder.
 */
function copy({ from, sources, target }: CopyStep, place: Place, places: ReadonlyMap<string, Place>): void {
  const origin = from === undefined ? ROOT : (places.get(from)?.root ?? "");
  const destination = join(place.root, place.workingFolder, target);
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
