import { runProgram, runStep } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";
import { type Base, digestIn } from "./base.js";

/** A program that builds images. Podman takes the arguments of Docker. */
export type EngineName = "docker" | "podman";

/** Returns the engine that answers, Docker before Podman. @throws {StepError} if none does */
export function findEngine(): EngineName {
  const found = (["docker", "podman"] as const).find((name) => runProgram(name, ["version"]).succeeded);
  if (found !== undefined) return found;
  const advice = "start the Docker engine, point DOCKER_HOST to one, or install podman";
  throw new StepError("engine", { reason: "neither docker nor podman answers", advice });
}

/** What the engine says about a finished image. */
export interface BuiltImage {
  /** sha256:... of the image's configuration. */
  readonly id: string;
  readonly sizeBytes: number;
}

/** Returns id and size of an image. @throws {StepError} if the engine does not have it */
export function inspectImage(engine: EngineName, image: string): BuiltImage {
  const output = runStep("inspection", engine, ["image", "inspect", "--format", "{{.Id}} {{.Size}}", image]);
  const [id = "", size] = output.trim().split(" ");
  return { id, sizeBytes: Number(size) };
}

/** Reads a text file of an image. @throws {StepError} if it is missing */
export function readFileOf(engine: EngineName, image: string, path: string): string {
  const isolated = ["run", "--rm", "--network", "none", "--read-only", "--entrypoint", "cat"];
  return runStep("bill of materials", engine, [...isolated, image, path]);
}

/**
 * Asks the registry for the digest of a base image, by a pull.
 *
 * @returns undefined if the engine has an image of this name that came from no registry
 * @throws {StepError} if there is no such image
 */
export function digestOf(engine: EngineName, { name }: Base): string | undefined {
  const pull = runProgram(engine, ["pull", "--quiet", name]);
  const inspect = ["image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", name];
  const { succeeded, output } = runProgram(engine, inspect);
  if (succeeded) return digestIn(output.split("\n")[0] ?? "");
  const advice = "name another image with Node 20.19 or newer and npm by --base IMAGE@sha256:...";
  throw new StepError("base image", { reason: `${name} cannot be pulled (${pull.errorLine})`, advice });
}
