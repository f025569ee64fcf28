import { ArtifactMissingError } from "../../../ports/artifact-store.js";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import type { NewObject, Objects, StoredObject } from "../objects.js";
import { type BucketRequest, type BucketSettings, S3Client } from "./s3-client.js";

/** Header with the label of an object. */
const LABEL = "x-amz-meta-label";

/** A place in S3. */
export interface S3Place extends BucketSettings {
  /** Beginning of all keys without a "/" at its end; empty for the whole bucket. */
  readonly prefix: string;
}

/**
 * Objects in a bucket, under the keys `<prefix>/<name>`. An object is one request: the server
 * checks the signed checksum of the body, and stores nothing of a request that breaks.
 */
export class S3Objects implements Objects {
  readonly place: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(settings: S3Place) {
    const { bucket, prefix } = settings;
    this.#client = new S3Client(settings);
    this.#bucket = bucket;
    this.#prefix = prefix === "" ? "" : `${prefix}/`;
    this.place = `${this.#client.place}${prefix === "" ? "" : `, prefix ${prefix}`}`;
  }

  async put(name: string, chunks: AsyncIterable<Uint8Array>, { sizeBytes, sha256, label }: NewObject): Promise<void> {
    const headers = label === undefined ? {} : { [LABEL]: label };
    const body = { chunks, sizeBytes, sha256 };
    await this.#client.send({ what: `store ${name}`, method: "PUT", key: this.#keyOf(name), headers, body });
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const request: BucketRequest = { what: `read ${name}`, method: "GET", key: this.#keyOf(name) };
    const answer = await this.#client.ask(request);
    if (answer === undefined) throw new ArtifactMissingError(`artifact ${name} is not stored in ${this.place}`);
    yield* this.#client.bytesOf(request, answer);
  }

  async find(name: string): Promise<StoredObject | undefined> {
    const answer = await this.#client.ask({ what: `find ${name}`, method: "HEAD", key: this.#keyOf(name) });
    if (answer === undefined) return undefined;
    answer.destroy();
    const { "content-length": length, "last-modified": modified = "", [LABEL]: label } = answer.headers;
    const storedAt = Date.parse(modified);
    if (length === undefined || Number.isNaN(storedAt))
      throw new StoreUnavailableError(`cannot find ${name} in ${this.place}: the answer has no size or no time`);
    return { sizeBytes: Number(length), storedAt, label: label?.toString() };
  }

  async touch(name: string): Promise<boolean> {
    const found = await this.find(name);
    if (found === undefined) return false;
    const key = this.#keyOf(name);
    const headers = {
      "x-amz-copy-source": `/${this.#bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
      "x-amz-metadata-directive": "REPLACE",
      ...(found.label === undefined ? {} : { [LABEL]: found.label }),
    };
    const request: BucketRequest = { what: `touch ${name}`, method: "PUT", key, headers };
    const answer = await this.#client.ask(request);
    if (answer === undefined) return false;
    // A copy may fail after the server has answered with success.
    const [fault] = valuesOf("Code", await this.#client.textOf(request, answer));
    if (fault !== undefined) throw new StoreUnavailableError(`cannot touch ${name} in ${this.place}: ${fault}`);
    return true;
  }

  async delete(name: string): Promise<void> {
    const answer = await this.#client.ask({ what: `delete ${name}`, method: "DELETE", key: this.#keyOf(name) });
    answer?.destroy();
  }

  async list(folder: string): Promise<readonly string[]> {
    const prefix = this.#keyOf(`${folder}/`);
    const keys: string[] = [];
    for (let token: string | undefined = ""; token !== undefined; ) {
      const text = await this.#page(prefix, token);
      keys.push(...valuesOf("Key", text));
      token = valuesOf("IsTruncated", text)[0] === "true" ? valuesOf("NextContinuationToken", text)[0] : undefined;
    }
    return keys.map((key) => key.slice(prefix.length));
  }

  /** Does nothing: the server keeps no part of a request that broke. */
  async deleteUnfinished(): Promise<void> {}

  /** @param token - that of the page before; empty for the first page */
  async #page(prefix: string, token: string): Promise<string> {
    const query = { "list-type": "2", prefix, ...(token === "" ? {} : { "continuation-token": token }) };
    const request: BucketRequest = { what: `list ${prefix}`, method: "GET", key: "", query };
    const answer = await this.#client.ask(request);
    if (answer === undefined) throw new StoreUnavailableError(`cannot list ${prefix} in ${this.place}: no answer`);
    return await this.#client.textOf(request, answer);
  }

  #keyOf(name: string): string {
    return `${this.#prefix}${name}`;
  }
}

/** Returns the texts of the elements with a name. */
function valuesOf(element: string, xml: string): readonly string[] {
  const texts = [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))];
  return texts.map(([, text = ""]) =>
    text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? ""),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
