import { debianRelease } from "../debian/release.js";
import { runProgram, runStep } from "../steps/program.js";
import { StepError } from "../steps/step-error.js";
import { BASE_ENVIRONMENT, baseImage } from "./base-image.js";
import { hasOwnEngine, startOwnEngine } from "./engine.js";
import { programsEnvironment } from "./home.js";

/** Images of Docker Hub, for an engine that can download them. */
const HUB = { node: "node:22-bookworm-slim", nats: "nats:2.12-alpine" } as const;

/** A Docker engine for tests. */
export interface Docker {
  /** Variables for the program docker, and for libraries that talk to the engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of docker build that this engine needs. */
  readonly buildArguments: readonly string[];
  /** Images that the engine has: one with Node and npm, one with nats-server. */
  readonly images: { readonly node: string; readonly nats: string };
  close(): void;
}

/** Returns true if a Docker engine answers the program docker. */
export function dockerAnswers(): boolean {
  return runProgram("docker", ["version"]).succeeded;
}

/**
 * Opens the engine that answers the program docker; without one, starts the engine that
 * ./scripts/test prepared.
 *
 * @throws {StepError} if there is no engine, or it cannot get its base images
 */
export async function openDocker(): Promise<Docker> {
  if (dockerAnswers()) return openFoundDocker();
  if (hasOwnEngine()) return await openOwnDocker();
  const advice = "start one or point DOCKER_HOST to one; ./scripts/test prepares one for root on Debian";
  throw new StepError("Docker engine", { reason: "none answers", advice });
}

/** BuildKit asks the registry for an image that the engine has. */
function openFoundDocker(): Docker {
  for (const image of Object.values(HUB)) {
    if (runProgram("docker", ["image", "inspect", image]).succeeded) continue;
    runStep("images", "docker", ["pull", "--quiet", image]);
  }
  return { environment: {}, buildArguments: [], images: HUB, close: () => undefined };
}

async function openOwnDocker(): Promise<Docker> {
  const engine = await startOwnEngine();
  try {
    const environment = {
      ...programsEnvironment(),
      DOCKER_HOST: engine.host,
      // Debian's package has no BuildKit.
      DOCKER_BUILDKIT: "0",
      // The containers end with the engine; the image of the reaper would come from a registry.
      TESTCONTAINERS_RYUK_DISABLED: "true",
      // Testcontainers would ask for the default network to find the address of mapped ports.
      TESTCONTAINERS_HOST_OVERRIDE: "127.0.0.1",
    };
    const base = importBase(environment);
    const buildArguments = ["--network", "host", "--build-arg", `NODE_IMAGE=${base}`];
    return { environment, buildArguments, images: { node: base, nats: base }, close: engine.stop };
  } catch (error) {
    engine.stop();
    throw error;
  }
}

/** Imports the base image once: another import would make the layers of earlier builds useless. */
function importBase(env: Readonly<Record<string, string>>): string {
  const { name, archive } = baseImage(debianRelease() ?? "");
  if (runProgram("docker", ["image", "inspect", name], { env }).succeeded) return name;
  const changes = Object.entries(BASE_ENVIRONMENT).flatMap(([key, value]) => ["--change", `ENV ${key}=${value}`]);
  runStep("base image", "docker", ["import", ...changes, archive, name], { env });
  return name;
}
