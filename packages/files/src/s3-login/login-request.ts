import { OriginFault } from "../contract/file-source.js";
import { sendRequest } from "../remote/http-request.js";
import type { ProxySettings } from "../remote/proxy.js";

/** Time without any bytes after which the request fails, in ms. */
const IDLE_MS = 5_000;

/** Limit of an answer in bytes. One with keys has 2 KB. */
const ANSWER_MAX_BYTES = 64 * 1024;

/** A request for keys. */
export interface LoginRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as a form. @default a GET */
  readonly form?: URLSearchParams;
  readonly proxy?: ProxySettings | undefined;
}

/**
 * Returns the text of the answer.
 *
 * @throws {OriginFault} with the status of a refusal, never with its text, which may have secrets
 */
export async function loginAnswer({ url, headers, form, proxy }: LoginRequest): Promise<string> {
  const bytes = form === undefined ? undefined : Buffer.from(form.toString());
  const sized = bytes && {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(bytes.length),
  };
  const answer = await sendRequest({
    method: bytes === undefined ? "GET" : "POST",
    url,
    headers: { ...headers, ...sized },
    body: bytes && once(bytes),
    refusesLocal: false,
    proxy,
    idleMs: IDLE_MS,
    signal: AbortSignal.timeout(2 * IDLE_MS),
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > ANSWER_MAX_BYTES) throw new OriginFault(`${url.host} answers too much for keys`, "none");
    parts.push(part);
  }
  const { statusCode = 0 } = answer;
  if (statusCode === 200) return Buffer.concat(parts).toString("utf8");
  throw new OriginFault(
    `${url.host} gives no keys for S3: it answers ${statusCode}`,
    statusCode < 500 ? "none" : "some",
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
