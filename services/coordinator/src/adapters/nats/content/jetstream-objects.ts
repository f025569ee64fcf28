import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { headers, type JetStreamClient, type JetStreamManager, type NatsConnection, NatsError, nuid } from "nats";
import { ArtifactMismatchError, ArtifactMissingError } from "../../../ports/artifact-store.js";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import type { NewObject, Objects, StoredObject } from "../../objects/objects.js";
import { BATCH_WAIT_MS, openReader } from "../reader.js";
import { available, found } from "../requests/availability.js";
import { WRONG_LAST_SEQUENCE } from "../requests/last-message.js";
import { blocks } from "./blocks.js";
import { type Description, newDescription, parseDescription } from "./description.js";

/** Size of the chunks, as that of NATS's own clients; less if the server takes less. */
const CHUNK_BYTES = 128 * 1024;

/** Chunks under way to the server: 2 MiB hide the time of an answer and bound the memory. */
const WINDOW = 16;

/** Room of a message beside its body: subject and headers. */
const OVERHEAD_BYTES = 4096;

/** Stands in the name of a chunk between the name of its object and the name of its put. */
const SEPARATOR = "~";

/** A description, and the message that it is in. */
interface Found {
  readonly description: Description;
  readonly revision: number;
  readonly storedAt: number;
}

/**
 * Objects in the object store of JetStream. An object has chunks and a description, which is
 * written last and replaced in one step. Chunks without one are of a put that broke.
 */
export class JetStreamObjects implements Objects {
  readonly place: string;
  readonly #names: typeof DEFAULT_NAMES;
  readonly #connection: NatsConnection;
  readonly #client: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;

  /**
   * @param connection - the caller closes it, and has created the object store with ensureStreams
   * @param timeoutMs - time limit of one answer of the server
   */
  constructor(connection: NatsConnection, names = DEFAULT_NAMES, timeoutMs = 5_000) {
    this.place = `object store ${names.content} of JetStream`;
    this.#names = names;
    this.#connection = connection;
    this.#client = connection.jetstream({ timeout: timeoutMs });
    this.#manager = connection.jetstreamManager({ timeout: timeoutMs, checkAPI: false });
  }

  async put(name: string, chunks: AsyncIterable<Uint8Array>, object: NewObject): Promise<void> {
    const former = await this.#find(name);
    const put = `${encoded(name)}${SEPARATOR}${nuid.next()}`;
    try {
      const count = await this.#putChunks(put, { name, chunks });
      const facts = { name, bucket: this.#names.content, nuid: put, chunks: count };
      await this.#describe(newDescription(facts, object));
    } catch (error) {
      // Ignored: a later deletion of unfinished objects takes the chunks.
      await this.#purgeChunks(put).catch(() => undefined);
      throw error;
    }
    if (former !== undefined) await this.#purgeChunks(former.description.nuid).catch(() => undefined);
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const what = `read ${name}`;
    const stored = await this.#find(name);
    if (stored === undefined) throw new ArtifactMissingError(`artifact ${name} is not stored in ${this.place}`);
    const { chunks, nuid: put } = stored.description;
    if (chunks === 0) return;
    const range = { stream: this.#names.contentStream, subject: this.#chunkSubject(put), first: 1 };
    const reader = await available(what, async () => openReader(this.#client, await this.#manager, range));
    try {
      for (let read = 0; read < chunks; ) {
        const limits = { max_messages: Math.min(WINDOW, chunks - read), expires: BATCH_WAIT_MS };
        const batch = await available(what, () => reader.fetch(limits));
        const before = read;
        for await (const message of batch) {
          read += 1;
          if (message.info.deliverySequence !== read)
            throw new StoreUnavailableError(`cannot ${what}: a chunk was lost in transit`);
          yield message.data;
        }
        if (read === before) throw await this.#shortRead(name, stored.description);
      }
    } finally {
      // Ignored: the server deletes an inactive reader. Not awaited: nothing depends on it.
      void reader.delete().catch(() => undefined);
    }
  }

  async find(name: string): Promise<StoredObject | undefined> {
    const stored = await this.#find(name);
    if (stored === undefined) return undefined;
    const { size, metadata } = stored.description;
    return { sizeBytes: size, storedAt: stored.storedAt, label: metadata?.["label"] };
  }

  async touch(name: string): Promise<boolean> {
    const stored = await this.#find(name);
    if (stored === undefined) return false;
    return (await this.#describe(stored.description, stored.revision)) || (await this.#find(name)) !== undefined;
  }

  async delete(name: string): Promise<void> {
    const stored = await this.#find(name);
    if (stored === undefined) return;
    await this.#purge(this.#descriptionSubject(name), name);
    await this.#purgeChunks(stored.description.nuid);
  }

  async list(folder: string): Promise<readonly string[]> {
    const [descriptions] = this.#names.contentSubjects;
    const names = (await this.#subjects(descriptions)).map((subject) => decoded(lastToken(subject)));
    return names.filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1));
  }

  async deleteUnfinished(before: number): Promise<void> {
    const [, allChunks] = this.#names.contentSubjects;
    for (const subject of await this.#subjects(allChunks)) {
      const put = lastToken(subject);
      const name = decoded(put.split(SEPARATOR)[0] ?? "");
      const first = await available(`read ${name}`, () => this.#first(subject));
      if (first === undefined || first.time.getTime() >= before) continue;
      if ((await this.#find(name))?.description.nuid !== put) await this.#purgeChunks(put);
    }
  }

  /** @returns the number of chunks */
  async #putChunks(put: string, { name, chunks }: { name: string; chunks: AsyncIterable<Uint8Array> }) {
    const subject = this.#chunkSubject(put);
    const room = (this.#connection.info?.max_payload ?? CHUNK_BYTES * 2) - OVERHEAD_BYTES;
    const answers: Promise<unknown>[] = [];
    let count = 0;
    const publish = async (block: Uint8Array): Promise<void> => {
      await available(`store ${name}`, () => this.#client.publish(subject, block));
    };
    for await (const block of blocks(chunks, Math.min(CHUNK_BYTES, room))) {
      const answer = publish(block);
      // A fault is thrown below. It may come before its turn.
      answer.catch(() => undefined);
      answers.push(answer);
      count += 1;
      if (answers.length >= WINDOW) await answers.shift();
    }
    await Promise.all(answers);
    return count;
  }

  /**
   * Writes a description, in place of the former one.
   *
   * @param after - revision of the former one; any if undefined
   * @returns false if another description is stored
   */
  async #describe(description: Description, after?: number): Promise<boolean> {
    const { name } = description;
    const rollup = headers();
    rollup.set("Nats-Rollup", "sub");
    const body = JSON.stringify({ ...description, mtime: new Date().toISOString() });
    const expect = after === undefined ? {} : { expect: { lastSubjectSequence: after } };
    return await available(`store ${name}`, async () => {
      try {
        await this.#client.publish(this.#descriptionSubject(name), body, { headers: rollup, ...expect });
        return true;
      } catch (error) {
        if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) return false;
        throw error;
      }
    });
  }

  async #find(name: string): Promise<Found | undefined> {
    const query = { last_by_subj: this.#descriptionSubject(name) };
    const message = await available(`find ${name}`, async () => {
      const { streams } = await this.#manager;
      return await found(streams.getMessage(this.#names.contentStream, query));
    });
    const description = message && parseDescription(message.data);
    return description && { description, revision: message.seq, storedAt: message.time.getTime() };
  }

  /** Returns the first message of a subject; undefined if it has none. */
  async #first(subject: string) {
    const { streams } = await this.#manager;
    // The client's type lacks this request, which servers answer from 2.9 on.
    const query = { seq: 1, next_by_subj: subject } as unknown as { seq: number };
    return await found(streams.getMessage(this.#names.contentStream, query));
  }

  /** Returns the fault of an object that ended too early: lost by the store, or on the way. */
  async #shortRead(name: string, { nuid: put, chunks }: Description): Promise<Error> {
    const stored = await available(`read ${name}`, () => this.#counts(this.#chunkSubject(put)));
    const left = Object.values(stored)[0] ?? 0;
    if (left >= chunks) return new StoreUnavailableError(`cannot read ${name}: NATS stopped answering`);
    return new ArtifactMismatchError(`${name} in ${this.place} has ${left} of ${chunks} chunks`);
  }

  async #subjects(filter: string): Promise<readonly string[]> {
    return await available("list the stored objects", async () => Object.keys(await this.#counts(filter)));
  }

  /** Returns the number of messages of each subject. */
  async #counts(filter: string): Promise<Readonly<Record<string, number>>> {
    const { streams } = await this.#manager;
    const { state } = await streams.info(this.#names.contentStream, { subjects_filter: filter });
    return state.subjects ?? {};
  }

  async #purgeChunks(put: string): Promise<void> {
    await this.#purge(this.#chunkSubject(put), "chunks");
  }

  async #purge(filter: string, name: string): Promise<void> {
    await available(`delete ${name}`, async () =>
      (await this.#manager).streams.purge(this.#names.contentStream, { filter }),
    );
  }

  #descriptionSubject(name: string): string {
    return `$O.${this.#names.content}.M.${encoded(name)}`;
  }

  #chunkSubject(put: string): string {
    return `$O.${this.#names.content}.C.${put}`;
  }
}

/** Encodes a name as a token of a subject: base64 with the padding that NATS writes. */
function encoded(name: string): string {
  const text = Buffer.from(name).toString("base64url");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

function decoded(token: string): string {
  return Buffer.from(token, "base64url").toString("utf8");
}

function lastToken(subject: string): string {
  return subject.slice(subject.lastIndexOf(".") + 1);
}
