// Requests to one bucket. Each has a connection of its own: none breaks because a server has closed
// an idle one.

import { setMaxListeners } from "node:events";
import type { IncomingMessage } from "node:http";
import { bodyOf, TRANSFER_RATE } from "@sintonia/files/remote/body";
import { sendRequest } from "@sintonia/files/remote/http-request";
import type { ProxySettings } from "@sintonia/files/remote/proxy";
import { type S3Settings, s3Url, signedHeaders } from "@sintonia/files/remote/s3-request";
import { retry } from "@sintonia/runtime/backoff";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import { StoreRefusedError } from "../objects.js";
import { answerFault, requestFault } from "./s3-faults.js";

/** Limit of an answer that is read into memory: a list of 1,000 names. */
const TEXT_MAX_BYTES = 4 * 1024 * 1024;

/** Repeats of a request without a body, which a busy server may ask for. */
const RETRY = { delayMs: 200, delayMaxMs: 1_000, deadlineMs: 3_000 };

/** SHA-256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** The bucket, its server, and the login there. */
export interface BucketSettings {
  readonly bucket: string;
  readonly s3: S3Settings;
  readonly proxy: ProxySettings;
  /** Ends requests when aborted. */
  readonly signal: AbortSignal;
}

/** A request to an object; the key "" stands for the bucket. */
export interface BucketRequest {
  /** What the request is for, in a fault: "read artifacts/1f". */
  readonly what: string;
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly chunks: AsyncIterable<Uint8Array>; readonly sizeBytes: number; readonly sha256: string };
}

/** A bucket on a server. */
export class S3Client {
  readonly #settings: BucketSettings;
  /** The bucket for a person: "bucket sintonia at minio:9000". */
  readonly place: string;

  constructor(settings: BucketSettings) {
    const { bucket, s3 } = settings;
    this.#settings = settings;
    // Every request under way listens to it.
    setMaxListeners(0, settings.signal);
    this.place = `bucket ${bucket} at ${s3Url({ bucket, key: "" }, s3).host}`;
  }

  /**
   * Sends a request without a body. Repeats it for a short time while the server is busy.
   *
   * @returns the answer, whose body the caller reads or destroys; undefined for a missing object
   * @throws {StoreUnavailableError}
   */
  async ask(request: BucketRequest): Promise<IncomingMessage | undefined> {
    const isTransient = (error: Error): boolean =>
      error instanceof StoreUnavailableError && !(error instanceof StoreRefusedError);
    const { signal } = this.#settings;
    return await retry(() => this.#send(request), { ...RETRY, signal, isTransient });
  }

  /**
   * Sends a request with a body, once.
   *
   * @throws {StoreUnavailableError}
   * @throws the error of the chunks
   */
  async send(request: BucketRequest): Promise<void> {
    (await this.#send(request))?.destroy();
  }

  /** Returns the text of an answer. */
  async textOf(request: BucketRequest, answer: IncomingMessage): Promise<string> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of this.bytesOf(request, answer)) {
      size += part.length;
      if (size > TEXT_MAX_BYTES) throw new StoreUnavailableError(`cannot ${request.what}: the answer is too long`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  }

  /** Yields the bytes of an answer. */
  async *bytesOf({ what }: BucketRequest, answer: IncomingMessage): AsyncGenerator<Uint8Array> {
    const { bucket, s3, signal } = this.#settings;
    const { host } = s3Url({ bucket, key: "" }, s3);
    const length = answer.headers["content-length"];
    const expected = length === undefined ? undefined : Number(length);
    try {
      yield* bodyOf(answer, { host, expected, rate: TRANSFER_RATE, signal });
    } catch (error) {
      throw requestFault({ what, place: this.place }, error);
    }
  }

  async #send(request: BucketRequest): Promise<IncomingMessage | undefined> {
    const { proxy, signal } = this.#settings;
    const { method, body } = request;
    const faults: unknown[] = [];
    const context = { what: request.what, place: this.place };
    let answer: IncomingMessage;
    try {
      const { url, headers } = await this.#signed(request);
      const chunks = body && passed(fallible(body.chunks, faults));
      const idle = { idleMs: TRANSFER_RATE.idleMs, refusesLocal: false, proxy, signal };
      answer = await sendRequest({ method, url, headers, body: chunks, ...idle });
    } catch (error) {
      if (faults.length > 0) throw faults[0];
      throw requestFault(context, error);
    }
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    const text = await this.textOf(request, answer).catch(() => "");
    return answerFault(context, { status: statusCode, headers: answer.headers, text });
  }

  async #signed({ method, key, query, headers, body }: BucketRequest) {
    const { bucket, s3 } = this.#settings;
    const url = s3Url({ bucket, key }, s3);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const size = body === undefined ? {} : { "content-length": `${body.sizeBytes}` };
    const content = { "x-amz-content-sha256": body?.sha256 ?? EMPTY, ...size };
    return { url, headers: await signedHeaders({ method, url, headers: { ...headers, ...content } }, s3) };
  }
}

/**
 * Passes chunks on. A stream that ends early throws its own error into this generator, which the
 * chunks must not get: `fallible` would take it for theirs.
 */
async function* passed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk;
}

/** Passes chunks on, and notes their error. */
async function* fallible(chunks: AsyncIterable<Uint8Array>, faults: unknown[]): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    faults.push(error);
    throw error;
  }
}
