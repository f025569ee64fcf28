import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runStep } from "../steps/program.js";
import { type Base, pinned, readLock, writeLock } from "./base.js";
import type { Image } from "./catalogue.js";
import { type BuiltImage, digestOf, type EngineName, inspectImage, readFileOf } from "./engine.js";
import { labelsOf, type Origin } from "./labels.js";

/** The bills of materials in each image. */
const MATERIALS = { folder: "/app/sbom", files: ["npm.cdx.json", "debian.tsv"] } as const;

/** The request for images. */
export interface BuildRequest {
  readonly root: string;
  readonly engine: EngineName;
  readonly origin: Origin;
  readonly base: Base;
  readonly tag: string;
  /** Such as linux/amd64; undefined for this machine's. */
  readonly platform: string | undefined;
  /** Further arguments of the engine's build. */
  readonly buildArguments: readonly string[];
  /** Folder for the copies of the bills of materials. */
  readonly output: string;
}

/** Builds one image and copies its bills of materials beside it. @throws {StepError} */
export function buildImage(image: Image, request: BuildRequest): BuiltImage {
  const { root, engine, output } = request;
  const name = nameOf(image, request.tag);
  runStep(name, engine, buildCommand(image, request), { cwd: root });
  mkdirSync(output, { recursive: true });
  for (const file of [...MATERIALS.files, ...(image.materials ?? [])]) {
    const text = readFileOf(engine, name, `${MATERIALS.folder}/${file}`);
    writeFileSync(join(output, `${name.replace(":", "-")}.${file}`), text);
  }
  return inspectImage(engine, name);
}

/** Returns the arguments of the engine that build an image. */
export function buildCommand(image: Image, request: BuildRequest): string[] {
  const { origin, base, tag, platform, buildArguments } = request;
  const labels = Object.entries(labelsOf(`sintonia-${image.name}`, origin, base));
  return [
    "build",
    ...buildArguments,
    ...(platform === undefined ? [] : ["--platform", platform]),
    ...["--build-arg", `NODE_IMAGE=${base.reference}`],
    ...(image.parent === undefined ? [] : ["--build-arg", `TRAINER_IMAGE=sintonia-${image.parent}:${tag}`]),
    ...["--build-arg", `SOURCE_DATE_EPOCH=${origin.epochSeconds}`],
    ...labels.flatMap(([key, value]) => ["--label", `${key}=${value}`]),
    ...["--file", image.dockerfile, "--tag", nameOf(image, tag), "."],
  ];
}

/** Pushes a built image to a registry. @returns its name there @throws {StepError} */
export function pushImage(image: Image, { engine, tag }: BuildRequest, registry: string): string {
  const target = `${registry.replace(/\/$/, "")}/${nameOf(image, tag)}`;
  runStep("push", engine, ["tag", nameOf(image, tag), target]);
  runStep("push", engine, ["push", target]);
  return target;
}

/**
 * Finds the base with its digest. Asks the registry for a digest that neither the name nor the lock
 * file has, and notes it in the lock file.
 *
 * @throws {StepError} if the engine cannot get the image
 */
export function resolveBase(engine: EngineName, name: string, lockFile: string): Base {
  const lock = readLock(lockFile);
  const known = pinned(name, lock);
  if (known.digest !== undefined) return known;
  const digest = digestOf(engine, known);
  if (digest === undefined) return known;
  writeLock(lockFile, { ...lock, [known.name]: digest });
  return pinned(`${known.name}@${digest}`, {});
}

function nameOf({ name }: Image, tag: string): string {
  return `sintonia-${name}:${tag}`;
}
