// The search for a NATS server, in this order: NATS_URL, nats-server on this machine, the package
// of the distribution, Docker.

import { UserError } from "@sintonia/runtime/errors";
import { parseServers } from "@sintonia/runtime/nats/servers";
import type { PackageManager } from "../system/packages.js";
import { parseVersion, type Version } from "./version.js";

const NATS_PACKAGE = "nats-server";
const NATS_IMAGE = "nats:2.12-alpine";
/** Oldest version under the image's tag. Every 2.12 version accepts the same configuration. */
const NATS_IMAGE_VERSION: Version = [2, 12, 0];
/** Oldest version that the coordinator supports. */
const OLDEST: Version = [2, 9, 0];

/** The NATS server that a run uses. */
export type NatsSource =
  /** A server that the user runs. The run neither starts nor stops it. */
  | { readonly kind: "external"; readonly url: string }
  | { readonly kind: "binary"; readonly path: string; readonly version: Version }
  | { readonly kind: "docker"; readonly image: string; readonly version: Version };

/** The facts and effects of this machine that the search needs. */
export interface NatsSearch {
  /** Value of NATS_URL, undefined if it is not set. */
  readonly url: string | undefined;
  /** Returns the path of nats-server, undefined if there is none. */
  findServer(): string | undefined;
  /** Returns the output of `nats-server --version`, undefined if the program fails. */
  serverVersion(path: string): string | undefined;
  /** Undefined if nothing may be installed. */
  readonly packages: PackageManager | undefined;
  hasDocker(): boolean;
  readonly platform: NodeJS.Platform;
}

/**
 * Finds a NATS server. Installs the package of the distribution if none is found and `packages` is
 * defined.
 *
 * @throws {UserError} with instructions for this system if there is no server
 */
export async function findNats(search: NatsSearch): Promise<NatsSource> {
  if (search.url !== undefined) return { kind: "external", url: search.url };
  const found = binary(search) ?? (await installed(search));
  if (found !== undefined) return found;
  if (search.hasDocker()) return { kind: "docker", image: NATS_IMAGE, version: NATS_IMAGE_VERSION };
  throw new UserError(`no NATS server found: ${howToGet(search.platform)}`);
}

/** Describes a NATS server in a few words: "nats-server 2.12.0 (/usr/sbin/nats-server)". */
export function natsText(source: NatsSource): string {
  if (source.kind === "external") return `the server at ${parseServers(source.url)}`;
  const version = source.version.join(".");
  return source.kind === "binary" ? `nats-server ${version} (${source.path})` : `Docker image ${source.image}`;
}

function binary(search: NatsSearch): NatsSource | undefined {
  const path = search.findServer();
  if (path === undefined) return undefined;
  const output = search.serverVersion(path);
  const version = output === undefined ? undefined : parseVersion(output);
  if (version === undefined) throw new UserError(`${path} is not a nats-server that runs on this machine`);
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
