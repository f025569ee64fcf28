import type { IncomingMessage } from "node:http";
import { FILE_MAX_BYTES } from "@sintonia/protocol/file";
import type { FileAddress } from "@sintonia/tuning/plan/file/file-address";
import { OriginFault } from "../contract/file-source.js";
import { bodyOf, type RateLimit, TRANSFER_RATE } from "./body.js";
import { statusFault } from "./fault-text.js";
import { sendRequest } from "./http-request.js";
import { type HttpsLogins, loginHeaders } from "./https-logins.js";
import type { ProxySettings } from "./proxy.js";
import { getFollowing } from "./redirects.js";
import { type S3Settings, s3Url, signedHeaders } from "./s3-request.js";

/** The address of a file on a server. */
export type RemoteAddress = Exclude<FileAddress, { readonly scheme: "file" }>;

/** A part of a file to read. */
export interface RemotePart {
  readonly offset: number;
  /** The content that the caller has the beginning of; another one is read from its start. */
  readonly version?: string | undefined;
}

/** A file that a server has begun to send. */
export interface RemoteBody {
  /** Offset of the first byte: the requested one, or 0 if the server sends the whole. */
  readonly start: number;
  /** Size of the whole file, if the server says it. */
  readonly totalBytes: number | undefined;
  /** Identifies the content, if the server does. */
  readonly version: string | undefined;
  /** @throws {OriginFault} if the server stops before the end */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The logins at servers, and the way to them. */
export interface RemoteSettings {
  readonly s3: S3Settings;
  /** Logins of https servers. */
  readonly logins: HttpsLogins;
  readonly proxy: ProxySettings;
}

/** Reads files from https servers and from S3. */
export class RemoteFiles {
  readonly #s3: S3Settings;
  readonly #logins: HttpsLogins;
  readonly #proxy: ProxySettings;
  readonly #rate: RateLimit;

  constructor({ s3, logins, proxy }: RemoteSettings, rate: RateLimit = TRANSFER_RATE) {
    this.#s3 = s3;
    this.#logins = logins;
    this.#proxy = proxy;
    this.#rate = rate;
  }

  /**
   * Asks a server for a file. Ends in bounded time if nothing arrives.
   *
   * @throws {OriginFault} if the server cannot be reached, refuses the file, or it is too large
   * @throws the signal's reason if it is aborted
   */
  async open(address: RemoteAddress, part: RemotePart, signal: AbortSignal): Promise<RemoteBody> {
    const answer = await this.#get(address, rangeHeaders(part), signal);
    const { statusCode = 0 } = answer;
    if (statusCode === 416 && part.offset > 0) {
      // The present file ends before the offset.
      answer.destroy();
      return await this.open(address, { offset: 0 }, signal);
    }
    if (statusCode !== 200 && statusCode !== 206) {
      answer.destroy();
      throw this.#refusal(address, answer);
    }
    return this.#body(address, part, answer, signal);
  }

  #body(address: RemoteAddress, part: RemotePart, answer: IncomingMessage, signal: AbortSignal): RemoteBody {
    const host = hostOf(address, this.#s3);
    const { start, totalBytes } = extentOf(answer);
    const isWrong = start !== 0 && start !== part.offset;
    const isLarge = (totalBytes ?? 0) > FILE_MAX_BYTES;
    if (isWrong || isLarge) {
      answer.destroy();
      const fault = isLarge ? `it has ${totalBytes} bytes, and the limit is 2 GiB` : `${host} sends another part of it`;
      throw new OriginFault(fault, "none");
    }
    const { etag, "last-modified": modified } = answer.headers;
    const expected = totalBytes === undefined ? undefined : totalBytes - start;
    const bytes = bodyOf(answer, { host, expected, rate: this.#rate, signal });
    return { start, totalBytes, version: strong(etag) ?? modified, bytes };
  }

  async #get(
    address: RemoteAddress,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { idleMs } = this.#rate;
    const shared = { proxy: this.#proxy, idleMs, signal };
    if (address.scheme === "https") {
      const url = new URL(address.url);
      return await getFollowing({ url, headers, login: loginHeaders(url, this.#logins), ...shared });
    }
    const url = s3Url(address, this.#s3);
    const signed = await signedHeaders({ url, headers }, this.#s3);
    return await sendRequest({ url, headers: signed, refusesLocal: false, ...shared });
  }

  #refusal(address: RemoteAddress, { statusCode: status = 0, headers }: IncomingMessage): OriginFault {
    const host = hostOf(address, this.#s3);
    if (address.scheme === "https") {
      const isKnown = "authorization" in loginHeaders(new URL(address.url), this.#logins);
      const accessAdvice = isKnown ? "check its login in SINTONIA_HTTPS_LOGINS" : "SINTONIA_HTTPS_LOGINS takes a login";
      return statusFault({ host, status, accessAdvice });
    }
    if (status >= 300 && status < 400) return regionFault(address.bucket, headers["x-amz-bucket-region"]);
    const isSigned = this.#s3.accessKeyId !== undefined || this.#s3.temporary !== undefined;
    const accessAdvice = isSigned
      ? "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and the rights of the key or role"
      : "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    return statusFault({ host: `bucket ${address.bucket} at ${host}`, status, accessAdvice });
  }
}

function hostOf(address: RemoteAddress, settings: S3Settings): string {
  return address.scheme === "https" ? new URL(address.url).host : s3Url(address, settings).host;
}

function regionFault(bucket: string, region: string | string[] | undefined): OriginFault {
  const advice = region === undefined ? "set AWS_REGION" : `set AWS_REGION to ${region}`;
  return new OriginFault(`the bucket ${bucket} is in another region; ${advice}`, "none");
}

function rangeHeaders({ offset, version }: RemotePart): Record<string, string> {
  if (offset === 0) return {};
  return { range: `bytes=${offset}-`, ...(version === undefined ? {} : { "if-range": version }) };
}

function extentOf({ statusCode, headers }: IncomingMessage): { start: number; totalBytes: number | undefined } {
  const length = headers["content-length"];
  if (statusCode !== 206) return { start: 0, totalBytes: length === undefined ? undefined : Number(length) };
  const [, start = "-1", total = ""] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  return { start: Number(start), totalBytes: total === "*" || total === "" ? undefined : Number(total) };
}

/** A weak tag does not promise equal bytes. */
function strong(tag: string | undefined): string | undefined {
  return tag?.startsWith('"') ? tag : undefined;
}
