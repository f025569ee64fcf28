import type { Secret } from "@sintonia/runtime/secret";
import { AwsV4Signer } from "aws4fetch";
import { OriginFault } from "../contract/file-source.js";
import type { S3Keys } from "../contract/s3-keys.js";

/** The place of S3 and the login for it, as the usual variables name them. */
export interface S3Settings {
  /** Server of another provider or of one's own. @default Amazon's server of the region */
  readonly endpoint?: string | undefined;
  /** @default us-east-1 */
  readonly region?: string | undefined;
  /** Both or none. Without them, requests are not signed, as for public buckets. */
  readonly accessKeyId?: Secret | undefined;
  readonly secretAccessKey?: Secret | undefined;
  readonly sessionToken?: Secret | undefined;
  /** Keys that end and are renewed, where no key of one's own is set. */
  readonly temporary?: { get(): Promise<S3Keys> } | undefined;
}

/** Region of requests that name none. */
export const DEFAULT_REGION = "us-east-1";

/** An object of S3. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Returns the address of an object: in the path of the server for an endpoint of one's own, in the
 * host of Amazon's server unless the bucket's name has dots, which no certificate covers.
 *
 * @throws {OriginFault} if the endpoint is not valid
 */
export function s3Url({ bucket, key }: S3Object, { endpoint, region = DEFAULT_REGION }: S3Settings): URL {
  const path = key.split("/").map(encoded).join("/");
  if (endpoint !== undefined) return new URL(`${endpointOf(endpoint)}/${bucket}/${path}`);
  const server = `s3.${region}.amazonaws.com`;
  return new URL(bucket.includes(".") ? `https://${server}/${bucket}/${path}` : `https://${bucket}.${server}/${path}`);
}

/** A request to S3. */
export interface S3Request {
  /** @default GET */
  readonly method?: string;
  readonly url: URL;
  /** With `x-amz-content-sha256`, the signature covers the body, and the server checks it. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Returns headers that sign a request.
 *
 * @throws {OriginFault} if temporary keys cannot be fetched
 */
export async function signedHeaders(
  { method = "GET", url, headers }: S3Request,
  settings: S3Settings,
): Promise<Record<string, string>> {
  const keys = await keysOf(settings);
  if (keys === undefined) return { ...headers };
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const { region = DEFAULT_REGION } = settings;
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers,
    region,
    service: "s3",
    accessKeyId: accessKeyId.reveal(),
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
  });
  const signed = await signer.sign();
  const { host: _, ...rest } = Object.fromEntries(signed.headers);
  return rest;
}

async function keysOf(settings: S3Settings): Promise<S3Keys | undefined> {
  const { accessKeyId, secretAccessKey, sessionToken, temporary } = settings;
  if (accessKeyId === undefined || secretAccessKey === undefined) return await temporary?.get();
  return { accessKeyId, secretAccessKey, sessionToken };
}

function endpointOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new OriginFault("AWS_ENDPOINT_URL is no address that begins with https:// or http://", "none");
  return url.href.replace(/\/+$/, "");
}

/** Encodes a name as the signature of S3 wants it. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
