import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { openDocker } from "@sintonia/scripts/docker/docker";
import { goPrograms, NATS_SERVER } from "@sintonia/scripts/go/programs";
import { buildImage } from "../../containers/images.js";
import { PAUSE_IMAGE } from "./settings.js";

const run = promisify(execFile);

/** Names of the images of nats-server and of pauses, without the registry. */
const NATS_IMAGE = "sintonia-nats:test";

/** Replaces the images of deploy/k8s by those of the tests, in a kustomization. */
export const TEST_IMAGES = ["coordinator", "trainer", "nats"].map((name) => ({
  name: name === "nats" ? name : `sintonia-${name}`,
  newName: `docker.io/library/sintonia-${name}`,
  newTag: "test",
}));

/**
 * Builds the images of all pods, and saves them in one file.
 *
 * @param folder - an empty folder
 * @returns the file
 */
export async function saveImages(folder: string): Promise<string> {
  const docker = await openDocker();
  try {
    Object.assign(process.env, docker.environment);
    const services = [await buildImage("coordinator", docker), await buildImage("trainer", docker)];
    const pause = PAUSE_IMAGE.slice(PAUSE_IMAGE.lastIndexOf("/") + 1);
    mkdirSync(join(folder, "image"));
    await build(NATS_IMAGE, recipeOfNats(docker.images.node, folder));
    await build(pause, `FROM ${docker.images.node}\nENTRYPOINT ["sleep", "infinity"]\n`);
    const archive = join(folder, "images.tar");
    await run("docker", ["save", "--output", archive, ...services, NATS_IMAGE, pause]);
    return archive;
  } finally {
    docker.close();
  }

  async function build(name: string, recipe: string): Promise<void> {
    const context = join(folder, "image");
    writeFileSync(join(context, "Dockerfile"), recipe);
    await run("docker", ["build", ...docker.buildArguments, "--tag", name, context]);
  }
}

function recipeOfNats(base: string, folder: string): string {
  copyFileSync(join(goPrograms(NATS_SERVER) ?? "", "nats-server"), join(folder, "image", "nats-server"));
  return `FROM ${base}\nCOPY nats-server /usr/local/bin/nats-server\nENTRYPOINT ["nats-server"]\n`;
}
