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

/** Tag of the images of an earlier version. */
export const EARLIER_TAG = "earlier";

/**
 * Finds images by their names in the manifests: that of a service is this checkout, built, of any
 * tag but EARLIER_TAG.
 *
 * @param natsFolder - folder of nats-server
 * @param earlier - built checkout of an earlier version
 * @returns a function that returns the image; undefined for an unknown name
 */
export function imagesOf(natsFolder: string, earlier: string): (name: string) => Image | undefined {
  return (name) => {
    const [repository = "", tag] = name.split(":");
    if (repository === "nats") return imageOfNats(natsFolder);
    const service = SERVICES[repository];
    return service === undefined ? undefined : imageOfService(service, tag === EARLIER_TAG ? earlier : ROOT);
  };
}

function imageOfNats(source: string): Image {
  return { folders: [{ source, target: PROGRAMS }], environment: { PATH }, command: [], workingFolder: "/" };
}

/** @param checkout - built, at its root */
function imageOfService(service: ServiceName, checkout: string): Image {
  const { environment, command } = readRecipe(service, checkout).settings;
  const folders = [
    { source: dirname(process.execPath), target: PROGRAMS },
    { source: checkout, target: "/app" },
  ];
  return { folders, environment: { PATH, ...environment }, command, workingFolder: "/app" };
}
