import type { Secret } from "@sintonia/runtime/secret";
import { AwsV4Signer } from "aws4fetch";
import { OriginFault } from "../contract/file-source.js";

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
}

const DEFAULT_REGION = "us-east-1";

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

/** Returns headers that sign a request. */
export async function signedHeaders(
  { method = "GET", url, headers }: S3Request,
  { region = DEFAULT_REGION, accessKeyId, secretAccessKey, sessionToken }: S3Settings,
): Promise<Record<string, string>> {
  if (accessKeyId === undefined || secretAccessKey === undefined) return { ...headers };
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
