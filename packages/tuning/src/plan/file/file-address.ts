// Addresses of files that trainers read from their source instead of from the coordinator.

import type { StoredFile } from "./stored-file.js";

/** The place of a file outside of the coordinator. */
export type FileAddress =
  | { readonly scheme: "https"; readonly url: string }
  | { readonly scheme: "s3"; readonly bucket: string; readonly key: string }
  /** A path at which every machine that needs the file sees it. */
  | { readonly scheme: "file"; readonly path: string };

const SHA256_SUFFIX = /#sha256=([0-9a-f]{64})$/;

/** Names in a query that carry a login. */
const LOGIN_NAME = /[?&](x-amz-[^=&]*|x-goog-[^=&]*|[^=&]*(sig|signature|token|secret|password|api_?key))=/iu;

const HTTPS = /^https:\/\/[^\s/?#@\\]+\/[^\s#\\]{0,2000}$/u;
const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^\p{Cc}]{1,1000})$/u;
/** An absolute path without `.` and `..`. */
const MOUNTED = /^file:\/\/(\/(?!(?:.*\/)?\.\.?(?:\/|$))[^\p{Cc}]{1,1000})$/u;

/** The forms of addresses, for messages. */
export const ADDRESS_FORMS = "https://host/path, s3://bucket/key or file:///mounted/path";

/** Tells whether a path of a spec is an address, valid or not. */
export function isAddress(path: string): boolean {
  return /^\w[\w+.-]*:\/\//u.test(path);
}

/** Returns an address as it was written, without the checksum behind it. */
export function withoutChecksum(path: string): string {
  return isAddress(path) ? path.replace(SHA256_SUFFIX, "") : path;
}

/** Returns the checksum that an address ends with, as `#sha256=...`, if it has one. */
export function checksumOf(path: string): string | undefined {
  return isAddress(path) ? SHA256_SUFFIX.exec(path)?.[1] : undefined;
}

/**
 * Parses an address, with or without a checksum.
 *
 * @returns undefined if it has none of the forms, or carries a login, which logs would keep
 */
export function parseAddress(path: string): FileAddress | undefined {
  const plain = withoutChecksum(path);
  if (HTTPS.test(plain)) return LOGIN_NAME.test(plain) ? undefined : { scheme: "https", url: plain };
  const [, bucket, key] = S3.exec(plain) ?? [];
  if (bucket !== undefined && key !== undefined) return { scheme: "s3", bucket, key };
  const [, mounted] = MOUNTED.exec(plain) ?? [];
  return mounted === undefined ? undefined : { scheme: "file", path: mounted };
}

/** Returns the source of a file of a plan; undefined if the coordinator stores the file. */
export function sourceOf(path: string, { source }: Pick<StoredFile, "source">): FileAddress | undefined {
  return parseAddress(source ?? path);
}

/** Returns the name that a file of an address has in a folder: the end of its path. */
export function nameInFolder(path: string): string {
  const plain = withoutChecksum(path);
  const place = plain.startsWith("https:") ? (plain.split("?", 1)[0] as string) : plain;
  return place.slice(place.lastIndexOf("/") + 1);
}
