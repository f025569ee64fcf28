// A parsed Dockerfile for the checks: stages of steps, with build arguments at their defaults.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Copy, DockerfileParser, type Env, type Instruction, type JSONInstruction } from "dockerfile-ast";
import { ROOT, type ServiceName } from "./repository.js";

/** An instruction of a stage that changes files. ImageSettings has the descriptive ones. */
export type Step =
  | { readonly kind: "WORKDIR"; readonly path: string }
  | { readonly kind: "RUN"; readonly command: string }
  | CopyStep;

export interface CopyStep {
  readonly kind: "COPY";
  /** Stage to copy from; undefined for the build context. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export interface Stage {
  /** Name of the stage; empty if it has none. */
  readonly name: string;
  /** Base image, or the name of an earlier stage. */
  readonly base: string;
  readonly steps: readonly Step[];
}

/** The settings of the last stage, which become those of the image. */
export interface ImageSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly user: string;
  readonly ports: readonly string[];
  /** Words of the command; empty if it is not in exec form. */
  readonly command: readonly string[];
}

export interface ImageRecipe {
  readonly stages: readonly Stage[];
  readonly settings: ImageSettings;
}

/** Parses the Dockerfile of a service. @param root - of the repository */
export function readRecipe(service: ServiceName, root: string = ROOT): ImageRecipe {
  return readDockerfile(`services/${service}/Dockerfile`, root);
}

/** Parses a Dockerfile. @param path - relative to the root of the repository */
export function readDockerfile(path: string, root: string = ROOT): ImageRecipe {
  const instructions = DockerfileParser.parse(readFileSync(join(root, path), "utf8")).getInstructions();
  const stages = splitAtFrom(instructions).map(stageOf);
  return { stages, settings: settingsOf(instructions) };
}

function splitAtFrom(instructions: readonly Instruction[]): Instruction[][] {
  const groups: Instruction[][] = [];
  for (const instruction of instructions) {
    if (instruction.getKeyword() === "FROM") groups.push([]);
    groups.at(-1)?.push(instruction);
  }
  return groups;
}

function stageOf([from, ...rest]: readonly Instruction[]): Stage {
  const [base = "", , name = ""] = from === undefined ? [] : wordsOf(from);
  return { base, name, steps: rest.flatMap(stepsOf) };
}

function stepsOf(instruction: Instruction): readonly Step[] {
  const words = wordsOf(instruction);
  switch (instruction.getKeyword()) {
    case "WORKDIR":
      return [{ kind: "WORKDIR", path: words[0] ?? "" }];
    case "RUN":
      return [{ kind: "RUN", command: instruction.getArgumentsContent() ?? "" }];
    case "COPY": {
      const from = (instruction as Copy).getFromFlag()?.getValue() ?? undefined;
      return [{ kind: "COPY", from, sources: words.slice(0, -1), target: words.at(-1) ?? "" }];
    }
    default:
      return [];
  }
}

function settingsOf(instructions: readonly Instruction[]): ImageSettings {
  const all = (keyword: string) => instructions.filter((instruction) => instruction.getKeyword() === keyword);
  const properties = all("ENV").flatMap((instruction) => (instruction as Env).getProperties());
  return {
    environment: Object.fromEntries(properties.map((property) => [property.getName(), property.getValue() ?? ""])),
    volumes: all("VOLUME").flatMap(listOf),
    user: all("USER").flatMap(wordsOf).at(-1) ?? "",
    ports: all("EXPOSE").flatMap(wordsOf),
    command: all("CMD").flatMap(listOf),
  };
}

function wordsOf(instruction: Instruction): string[] {
  return instruction.getExpandedArguments().map((argument) => argument.getValue());
}

function listOf(instruction: Instruction): string[] {
  return (instruction as JSONInstruction).getJSONStrings().map((text) => text.getJSONValue());
}
