// Opens the stores of content in a shared store of objects.

import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FilesystemFileStore } from "@sintonia/coordinator/adapters/filesystem/file-store";
import { JetStreamObjects } from "@sintonia/coordinator/adapters/nats/content/jetstream-objects";
import { ObjectArtifactStore } from "@sintonia/coordinator/adapters/objects/artifact-store";
import { ObjectCheckpointStore } from "@sintonia/coordinator/adapters/objects/checkpoint-store";
import { ObjectFileStore } from "@sintonia/coordinator/adapters/objects/file-store";
import type { Objects } from "@sintonia/coordinator/adapters/objects/objects";
import { S3Objects, type S3Place } from "@sintonia/coordinator/adapters/objects/s3/s3-objects";
import { FILE_VARIABLES, sourceSettings } from "@sintonia/files/variables";
import { readConfig } from "@sintonia/runtime/config";
import { createLogger } from "@sintonia/runtime/logger";
import { connectNats } from "@sintonia/runtime/nats/connection";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { parseServers } from "@sintonia/runtime/nats/servers";
import { ensureStreams } from "@sintonia/runtime/nats/topology";
import { artifactStoreContract } from "./artifact-store.js";
import { checkpointStoreContract } from "./checkpoint-store.js";
import { fileStoreContract } from "./file-store.js";

/** Objects of one test. */
export interface ObjectsFixture {
  readonly objects: Objects;
  readonly close: () => Promise<void>;
}

/** Limit of the object store in the tests. */
export const CONTENT_BYTES = 64 * 2 ** 20;

const logger = createLogger({ service: "test", instance: "test", level: "silent" });

/** Opens the empty object store of a JetStream. */
export async function openJetStreamObjects(port: number, contentMaxBytes = CONTENT_BYTES): Promise<ObjectsFixture> {
  const settings = { natsUrl: parseServers(`nats://127.0.0.1:${port}`) };
  const connection = await connectNats({ settings, name: "contract", logger });
  await ensureStreams(connection, { names: DEFAULT_NAMES, contentMaxBytes, logger });
  const { streams } = await connection.jetstreamManager();
  await streams.purge(DEFAULT_NAMES.contentStream);
  return { objects: new JetStreamObjects(connection, DEFAULT_NAMES, 4_000), close: () => connection.close() };
}

/** Opens an empty place in a bucket. */
export function openS3Objects(environment: Readonly<Record<string, string>>, bucket: string): ObjectsFixture {
  return { objects: new S3Objects(s3Place(environment, bucket)), close: async () => undefined };
}

/** Returns an unused place in a bucket. */
export function s3Place(environment: Readonly<Record<string, string>>, bucket: string): S3Place {
  const { s3, proxy } = sourceSettings(readConfig(FILE_VARIABLES, environment));
  return { bucket, prefix: `tests/${randomUUID()}`, s3, proxy, signal: new AbortController().signal };
}

/** Tests the contracts of the stores of content on a kind of objects. */
export function contentContracts(adapter: string, open: () => Promise<ObjectsFixture>): void {
  artifactStoreContract(adapter, async () => {
    const { objects, close } = await open();
    return { store: new ObjectArtifactStore(objects, "artifacts"), close };
  });
  checkpointStoreContract(adapter, async () => {
    const { objects, close } = await open();
    return { store: new ObjectCheckpointStore(new ObjectArtifactStore(objects, "checkpoints")), close };
  });
  fileStoreContract(adapter, async () => {
    const { objects, close } = await open();
    const folder = await mkdtemp(join(tmpdir(), "sintonia-uploads-"));
    const store = new ObjectFileStore(
      new ObjectArtifactStore(objects, "files"),
      await FilesystemFileStore.open(folder),
    );
    return {
      store,
      close: async () => {
        await close();
        await rm(folder, { recursive: true });
      },
    };
  });
}
