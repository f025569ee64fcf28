// Images for pods without a container engine: folders of this machine, and the settings of our
// Dockerfiles.

import { dirname } from "node:path";
import process from "node:process";
import { readRecipe } from "../../deploy/dockerfile.js";
import { ROOT, type ServiceName } from "../../deploy/repository.js";

/** An image: the folders in which it differs from this machine, and how it starts. */
export interface Image {
  /** Folders of this machine that containers see read-only, beside /usr. */
  readonly folders: readonly { readonly source: string; readonly target: string }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly workingFolder: string;
}

const SERVICES: Readonly<Record<string, ServiceName>> = {
  "sintonia-coordinator": "coordinator",
  "sintonia-trainer": "trainer",
};

const PROGRAMS = "/opt/programs";
const PATH = `${PROGRAMS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

/**
 * Finds images by their names in the manifests, of any tag: that of a service is this checkout,
 * built.
 *
 * @param natsFolder - folder of nats-server
 * @returns a function that returns the image; undefined for an unknown name
 */
export function imagesOf(natsFolder: string): (name: string) => Image | undefined {
  return (name) => {
    const repository = name.split(":")[0] ?? "";
    if (repository === "nats") return imageOfNats(natsFolder);
    const service = SERVICES[repository];
    return service === undefined ? undefined : imageOfService(service);
  };
}

function imageOfNats(source: string): Image {
  return { folders: [{ source, target: PROGRAMS }], environment: { PATH }, command: [], workingFolder: "/" };
}

function imageOfService(service: ServiceName): Image {
  const { environment, command } = readRecipe(service).settings;
  const folders = [
    { source: dirname(process.execPath), target: PROGRAMS },
    { source: ROOT, target: "/app" },
  ];
  return { folders, environment: { PATH, ...environment }, command, workingFolder: "/app" };
}
