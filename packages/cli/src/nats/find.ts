// Where a run gets its NATS server from, in this order: NATS_URL, nats-server on the PATH, the distribution's package, Docker.

import { UserError } from "@sintonia/runtime/errors";
import type { PackageSystem } from "../system/packages.js";
import { parseVersion, type Version } from "./version.js";

export const NATS_PACKAGE = "nats-server";
export const NATS_IMAGE = "nats:2.12-alpine";
/** Of the image; newer ones of the same line take the same configuration. */
const NATS_IMAGE_VERSION: Version = [2, 12, 0];
/** Oldest version that the coordinator works with. */
const OLDEST: Version = [2, 9, 0];

export type NatsSource =
  /** A server that somebody else runs; the run uses it and leaves it alone. */
  | { readonly kind: "external"; readonly url: string }
  | { readonly kind: "binary"; readonly path: string; readonly version: Version }
  | { readonly kind: "docker"; readonly image: string; readonly version: Version };

/** What the search may look at and do. */
export interface NatsSearch {
  /** NATS_URL, if it is set. */
  readonly url: string | undefined;
  /** Path of nats-server, or undefined if there is none. */
  findServer(): string | undefined;
  /** What `nats-server --version` prints; undefined if it does not run. */
  serverVersion(path: string): string | undefined;
  /** Undefined where installing is not allowed or not possible. */
  readonly packages: PackageSystem | undefined;
  hasDocker(): boolean;
  readonly platform: NodeJS.Platform;
}

/**
 * Finds a NATS server, installing the distribution's package where the search allows it.
 *
 * @throws {UserError} that says how to get one on this system
 */
export async function findNats(search: NatsSearch): Promise<NatsSource> {
  if (search.url !== undefined) return { kind: "external", url: search.url };
  const found = binary(search) ?? (await installed(search));
  if (found !== undefined) return found;
  if (search.hasDocker()) return { kind: "docker", image: NATS_IMAGE, version: NATS_IMAGE_VERSION };
  throw new UserError(`no NATS server found: ${howToGet(search.platform)}`);
}

/** One line for a person, for example in a list of steps. */
export function natsText(source: NatsSource): string {
  if (source.kind === "external") return `the server at ${source.url}`;
  const version = source.version.join(".");
  return source.kind === "binary" ? `nats-server ${version} (${source.path})` : `Docker image ${source.image}`;
}

function binary(search: NatsSearch): NatsSource | undefined {
  const path = search.findServer();
  if (path === undefined) return undefined;
  const output = search.serverVersion(path);
  const version = output === undefined ? undefined : parseVersion(output);
  if (version === undefined) throw new UserError(`${path} is not a nats-server that runs here`);
  const isTooOld = version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1]);
  if (isTooOld) throw new UserError(`${path} is version ${version.join(".")}; 2.9 or newer is needed`);
  return { kind: "binary", path, version };
}

async function installed(search: NatsSearch): Promise<NatsSource | undefined> {
  if (search.packages === undefined) return undefined;
  return (await search.packages.install(NATS_PACKAGE)) ? binary(search) : undefined;
}

function howToGet(platform: NodeJS.Platform): string {
  const install =
    platform === "darwin"
      ? `brew install ${NATS_PACKAGE}`
      : `sudo apt-get install ${NATS_PACKAGE} (elsewhere: https://github.com/nats-io/nats-server/releases)`;
  return `${install}, or start Docker, or set NATS_URL to a server with JetStream`;
}
