// Builds the images of Sintonia with Docker or Podman.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DEFAULT_BASE } from "./images/base.js";
import { type BuildRequest, buildImage, pushImage, resolveBase } from "./images/build.js";
import { IMAGES, type Image, imagesToBuild } from "./images/catalogue.js";
import { findEngine } from "./images/engine.js";
import { readOrigin } from "./images/origin.js";
import { StepError } from "./steps/step-error.js";

const HELP = `Usage: ./scripts/build-images [--only NAME]... [--tag TAG] [--push REGISTRY]

Builds the images, with docker or podman, whichever answers:

${IMAGES.map(({ name, purpose }) => `  sintonia-${name.padEnd(14)}${purpose}`).join("\n")}

  --only NAME            build this image and its parent; may be repeated (default: all)
  --tag TAG              tag of the images (default: the version in package.json)
  --push REGISTRY        push each image to REGISTRY/sintonia-NAME:TAG; log in with the engine before
  --platform PLATFORM    build for another system, such as linux/arm64; needs emulation. One a call
  --base IMAGE           image with Node 20.19 or newer and npm (default: ${DEFAULT_BASE})
  --build-option WORD    a further word for the engine's build, such as --build-option=--network=host; may be repeated
  --output FOLDER        folder for the bills of materials (default: .cache/images)
  --help                 print this help

Base: scripts/base-images.json pins it by digest. A base that is not there is pulled once and its digest noted in
that file, which you commit. IMAGE@sha256:... pins it in the command. An image that came from no registry has no digest.

Bills of materials: /app/sbom in each image has npm.cdx.json (npm packages, CycloneDX), debian.tsv (package, version,
architecture) and, with TensorFlow, libraries.txt. The output folder gets copies.

Labels: version, revision, source, time and base, as the OCI image specification names them. SOURCE_DATE_EPOCH sets
the time (default: the time of the commit).

Example: ./scripts/build-images --only coordinator --only trainer --push registry.example/team
`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BYTES_PER_MB = 1e6;

process.exitCode = main(process.argv.slice(2));

function main(words: readonly string[]): number {
  const options = parse(words);
  if (typeof options === "string") return misuse(options);
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const images = imagesToBuild(options.only ?? []);
  if (images === undefined) return misuse(`--only takes ${IMAGES.map(({ name }) => name).join(", ")}`);
  try {
    buildAll(images, requestOf(options), options.push);
    return 0;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return EXIT_FAILED;
  }
}

function buildAll(images: readonly Image[], request: BuildRequest, registry: string | undefined): void {
  print(`engine: ${request.engine}; base: ${request.base.reference}`);
  for (const image of images) {
    print(`sintonia-${image.name}:${request.tag}: building ...`);
    const { id, sizeBytes } = buildImage(image, request);
    print(`sintonia-${image.name}:${request.tag}: ${Math.round(sizeBytes / BYTES_PER_MB)} MB, ${id}`);
    if (registry !== undefined) print(`pushed: ${pushImage(image, request, registry)}`);
  }
  print(`bills of materials: ${request.output}`);
}

type Options = Exclude<ReturnType<typeof parse>, string>;

function requestOf(options: Options): BuildRequest {
  const engine = findEngine();
  const origin = readOrigin(ROOT, process.env["SOURCE_DATE_EPOCH"]);
  return {
    root: ROOT,
    engine,
    origin,
    base: resolveBase(engine, options.base ?? DEFAULT_BASE, `${ROOT}scripts/base-images.json`),
    tag: options.tag ?? origin.version,
    platform: options.platform,
    buildArguments: options["build-option"] ?? [],
    output: options.output ?? `${ROOT}.cache/images`,
  };
}

function parse(words: readonly string[]) {
  try {
    const options = {
      only: { type: "string", multiple: true },
      tag: { type: "string" },
      push: { type: "string" },
      platform: { type: "string" },
      base: { type: "string" },
      "build-option": { type: "string", multiple: true },
      output: { type: "string" },
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    return (error as Error).message;
  }
}

function misuse(fault: string): number {
  process.stderr.write(`error: ${fault}; see --help\n`);
  return EXIT_USAGE;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
