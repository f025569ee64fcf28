import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Docker } from "@sintonia/scripts/docker/docker";
import { ROOT, type ServiceName } from "../deploy/repository.js";

const run = promisify(execFile);
const OUTPUT_MAX_BYTES = 2 ** 26;

/** Builds the image of a service, fast if the engine has its layers. @returns its name */
export async function buildImage(service: ServiceName, { buildArguments }: Docker): Promise<string> {
  const name = `sintonia-${service}:test`;
  const file = join(ROOT, "services", service, "Dockerfile");
  const args = ["build", ...buildArguments, "--file", file, "--tag", name, ROOT];
  await run("docker", args, { maxBuffer: OUTPUT_MAX_BYTES });
  return name;
}
