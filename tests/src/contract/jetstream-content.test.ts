import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ObjectArtifactStore } from "@sintonia/coordinator/adapters/objects/artifact-store";
import { StoreUnavailableError } from "@sintonia/coordinator/ports/study-log";
import { retry } from "@sintonia/runtime/backoff";
import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { connect } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { inChunks, keyOf, sample } from "./artifact-store.js";
import { contentFaults } from "./content-faults.js";
import { CONTENT_BYTES, contentContracts, openJetStreamObjects } from "./object-adapters.js";

describe("content in the object store of nats-server", () => {
  let server: NatsServer;
  before(async () => {
    server = await startNatsServer();
  });
  after(() => server.stop());

  contentContracts("jetstream", () => openJetStreamObjects(server.port));

  contentFaults("jetstream", async () => {
    const near = await openJetStreamObjects(server.port);
    const other = await openJetStreamObjects(server.port);
    return {
      objects: near.objects,
      other: other.objects,
      outage: async () => {
        await server.kill();
        return async () => {
          await server.restart();
          const { objects } = near;
          await retry(() => objects.list("artifacts"), { delayMs: 20, delayMaxMs: 100, deadlineMs: 20_000 });
        };
      },
      truncate: async () => {
        const chunks = await subjects(server, "C.>");
        await deleteLast(server, chunks[0] as string);
      },
      close: async () => {
        await server.restart();
        await Promise.all([near.close(), other.close()]);
      },
    };
  });

  it("deletes the chunks of a put that broke, once they are old, and no others", async () => {
    const { objects, close } = await openJetStreamObjects(server.port);
    const store = new ObjectArtifactStore(objects, "artifacts");
    const content = sample(300_000);
    await store.put(inChunks(content, 50_000), keyOf(content));
    const left = `${encodeName(`artifacts/${keyOf(sample(5)).sha256}`)}~put`;
    await publish(server, `$O.${DEFAULT_NAMES.content}.C.${left}`);
    await store.deleteUnfinished(Date.now() - 60_000);
    assert.equal((await subjects(server, "C.>")).length, 2);
    await store.deleteUnfinished(Date.now() + 60_000);
    assert.equal((await subjects(server, "C.>")).length, 1);
    assert.equal(await store.sizeOf(keyOf(content).sha256), content.length);
    await close();
  });

  it("leaves nothing of deleted objects", async () => {
    const { objects, close } = await openJetStreamObjects(server.port);
    const store = new ObjectArtifactStore(objects, "artifacts");
    const content = sample(300_000);
    await store.put(inChunks(content, 50_000), keyOf(content));
    await store.delete(keyOf(content).sha256);
    assert.deepEqual(await subjects(server, ">"), []);
    await close();
  });

  it("refuses what exceeds its limit in one line, and keeps none of it", async () => {
    const { objects, close } = await openJetStreamObjects(server.port, 2 ** 20);
    const store = new ObjectArtifactStore(objects, "artifacts");
    const content = sample(3 * 2 ** 20);
    await assert.rejects(store.put(inChunks(content, 50_000), keyOf(content)), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError, String(error));
      assert.match(error.message, /^cannot store artifacts\/[0-9a-f]+: JetStream has no room[^\n]*$/);
      return true;
    });
    assert.deepEqual(await subjects(server, ">"), []);
    await close();
    const larger = await openJetStreamObjects(server.port, CONTENT_BYTES);
    await new ObjectArtifactStore(larger.objects, "artifacts").put(inChunks(content, 50_000), keyOf(content));
    await larger.close();
  });
});

/** Returns the subjects of the object store that match the end of a filter. */
async function subjects({ url }: NatsServer, end: string): Promise<readonly string[]> {
  const connection = await connect({ servers: url });
  const { streams } = await connection.jetstreamManager();
  const filter = { subjects_filter: `$O.${DEFAULT_NAMES.content}.${end}` };
  const { state } = await streams.info(DEFAULT_NAMES.contentStream, filter);
  await connection.close();
  return Object.keys(state.subjects ?? {});
}

async function deleteLast({ url }: NatsServer, subject: string): Promise<void> {
  const connection = await connect({ servers: url });
  const { streams } = await connection.jetstreamManager();
  const { seq } = await streams.getMessage(DEFAULT_NAMES.contentStream, { last_by_subj: subject });
  await streams.deleteMessage(DEFAULT_NAMES.contentStream, seq);
  await connection.close();
}

async function publish({ url }: NatsServer, subject: string): Promise<void> {
  const connection = await connect({ servers: url });
  await connection.jetstream().publish(subject, "chunk");
  await connection.close();
}

function encodeName(name: string): string {
  return Buffer.from(name).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
