// deploy/compose.yaml, run by Docker Compose itself with our images.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Docker } from "@sintonia/scripts/docker/docker";
import { DOCKER_COMPOSE, goPrograms, NATS_SERVER } from "@sintonia/scripts/go/programs";
import { stringify } from "yaml";
import { COMPOSE_FILE } from "../deploy/compose/compose-file.js";
import { assertAllCompleted, type Results, SMALL_SPEC } from "../support/cli.js";
import { buildImage } from "./images.js";

const run = promisify(execFile);
const CLI = fileURLToPath(import.meta.resolve("@sintonia/cli/main"));
const compose = goPrograms(DOCKER_COMPOSE);
const natsServer = goPrograms(NATS_SERVER);

/** Network of the tests, a part of the range that RFC 1918 leaves to private networks. */
const SUBNET = "10.231.7";
const ADDRESSES = { nats: `${SUBNET}.10`, coordinator: `${SUBNET}.11` } as const;

/** Describes a study under Docker Compose. */
export function describeCompose(docker: Docker): void {
  describe("deploy/compose.yaml under Docker Compose", { skip: missingPart() }, () => {
    let folder: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "sintonia-compose-"));
      const images = {
        coordinator: await buildImage("coordinator", docker),
        trainers: await buildImage("trainer", docker),
      };
      writeFileSync(join(folder, "tests.yaml"), changesForTests({ ...images, nats: docker.images.nats }));
      await inCompose("up", "--no-build", "--wait");
    });
    after(async () => {
      await inCompose("down", "--volumes");
      rmSync(folder, { recursive: true });
    });

    it("completes a study on its trainers", async () => {
      const spec = join(folder, "small.yaml");
      writeFileSync(spec, SMALL_SPEC);
      await sintonia("create", spec);
      assertAllCompleted(JSON.parse(await sintonia("watch", "small", "--json")) as Results, 3);
    });

    it("keeps its studies while it is down", async () => {
      await inCompose("down");
      await inCompose("up", "--no-build", "--wait");
      assert.match(await sintonia("list"), /small/);
    });

    /** Runs a command of Docker Compose. */
    async function inCompose(...args: readonly string[]): Promise<string> {
      const files = [COMPOSE_FILE, join(folder, "tests.yaml")].flatMap((file) => ["--file", file]);
      const project = ["--project-name", "sintonia-tests"];
      return (await run(join(compose ?? "", "cmd"), [...project, ...files, ...args])).stdout;
    }

    async function sintonia(...args: readonly string[]): Promise<string> {
      const address = (await inCompose("port", "coordinator", "7230")).trim();
      const env = { ...process.env, SINTONIA_COORDINATOR_ADDRESS: address };
      return (await run(process.execPath, [CLI, ...args], { env })).stdout;
    }
  });
}

function missingPart(): string | false {
  if (compose === undefined) return "./scripts/test builds Docker Compose where it finds Go; it has not";
  return natsServer === undefined ? "./scripts/test builds nats-server where it finds Go; it has not" : false;
}

/**
 * Returns a file of Docker Compose that goes on top: images of the tests, a free port, and fixed
 * addresses, because the engine of the tests resolves no names.
 */
function changesForTests(images: Readonly<Record<"nats" | "coordinator" | "trainers", string>>): string {
  const at = (address: string): object => ({ networks: { default: { ipv4_address: address } } });
  // The image of the tests may have an older nats-server than the configuration needs.
  const volumes = [`${natsServer}/nats-server:/usr/local/sbin/nats-server:ro`];
  const changes = {
    services: {
      nats: { image: images.nats, volumes, ...at(ADDRESSES.nats) },
      coordinator: {
        image: images.coordinator,
        ports: "FREE",
        extra_hosts: ADDRESSES,
        ...at(ADDRESSES.coordinator),
      },
      trainers: { image: images.trainers, extra_hosts: ADDRESSES },
    },
    networks: { default: { ipam: { config: [{ subnet: `${SUBNET}.0/24` }] } } },
  };
  // The tag replaces the ports of the first file instead of adding to them.
  return stringify(changes).replace("FREE", '!override ["127.0.0.1::7230"]');
}
