// The answers of calls in the forms of HTTP: a message as JSON, the bytes of an artifact, and
// streams as server-sent events or text.

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type {
  DownloadArtifactResponse,
  ReadOutputResponse,
  WatchStudyResponse,
} from "@sintonia/proto/sintonia/v1/admin";
import { sleep, systemTimers } from "@sintonia/runtime/clock";
import { httpError, isPassing } from "../edge/http-error.js";

/** Interval of comments in a stream of events, in milliseconds. Proxies cut silent connections. */
const KEEP_ALIVE_MS = 15_000;

/** Size from which JSON is compressed, in bytes: below, it fits into a packet or two. */
const GZIP_MIN_BYTES = 4_096;

/**
 * Least time between two updates of a study, in milliseconds. The watch merges what happens
 * meanwhile: 200 reports a second are 20 updates for each page that is open.
 */
const UPDATE_INTERVAL_MS = 50;

/** Time after which a browser opens a broken stream again, in milliseconds. */
const RETRY_MS = 2_000;

/** The answers of a call: one message, or a stream of them. */
export type Answers = AsyncGenerator<unknown, void, undefined>;

/** The times of streams, in milliseconds. */
export interface StreamTimes {
  /** Interval of comments. @default KEEP_ALIVE_MS */
  readonly keepAliveMs?: number | undefined;
  /** Least time between two updates. @default UPDATE_INTERVAL_MS */
  readonly updateIntervalMs?: number | undefined;
}

/** Where an answer goes. */
export interface Reply extends StreamTimes {
  readonly response: ServerResponse;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
  /** True if the client reads gzip. */
  readonly hasGzip: boolean;
}

/** Status and headers of an answer. */
interface AnswerHead {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends an object as JSON. */
export function sendJson(
  response: ServerResponse,
  value: unknown,
  { status = 200, headers = {} }: AnswerHead = {},
): void {
  sendJsonBytes(response, jsonBytes(value), { status, headers });
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function sendJsonBytes(response: ServerResponse, body: Buffer, { status = 200, headers = {} }: AnswerHead = {}): void {
  const own = { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store" };
  response.writeHead(status, { ...own, "Content-Length": body.length, ...headers }).end(body);
}

/** Sends the one message of a call as JSON, compressed if it is large. */
export async function sendMessage(
  { response, hasGzip }: Reply,
  answers: Answers,
  toJson: (message: unknown) => unknown,
): Promise<void> {
  for await (const answer of answers) {
    const body = jsonBytes(toJson(answer));
    if (!hasGzip || body.length < GZIP_MIN_BYTES) return sendJsonBytes(response, body);
    // A trial's JSON repeats its names: more effort than the least gains little.
    const compressed = await promisify(gzip)(body, { level: constants.Z_BEST_SPEED });
    return sendJsonBytes(response, compressed, { headers: { "Content-Encoding": "gzip" } });
  }
}

/** Sends the bytes of an artifact, which its name, the checksum, determines for ever. */
export async function sendBytes(reply: Reply, answers: Answers, sha256: string): Promise<void> {
  const headers = {
    "Content-Type": "application/octet-stream",
    // No name: the page, or the client, knows what the artifact is.
    "Content-Disposition": "attachment",
    "Cache-Control": "private, max-age=31536000, immutable",
    ETag: `"${sha256}"`,
  };
  await sendAll(reply, answers, headers, (answer) => (answer as DownloadArtifactResponse).chunk);
  reply.response.end();
}

/** Sends output as text, with a line in place of bytes that are not stored. */
export async function sendText(reply: Reply, answers: Answers): Promise<void> {
  let nextOffset: number | undefined;
  await sendAll(
    reply,
    answers,
    { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
    (answer) => {
      const { offset, chunk } = answer as ReadOutputResponse;
      if (chunk.length === 0) return chunk;
      const missing = nextOffset === undefined ? 0 : offset - nextOffset;
      nextOffset = offset + chunk.length;
      return missing > 0 ? Buffer.concat([Buffer.from(`\n[${missing} bytes are not stored]\n`), chunk]) : chunk;
    },
  );
  reply.response.end();
}

/** Sends each message of a watch as an event "update". */
export async function sendUpdates(
  reply: Reply,
  answers: Answers,
  toJson: (message: unknown) => unknown,
): Promise<void> {
  await sendEvents(reply, paced(reply, answers), (answer) => event("update", toJson(answer)));
}

/** Takes the next update only after a while, but all parts of one update at once. */
async function* paced({ signal, updateIntervalMs = UPDATE_INTERVAL_MS }: Reply, answers: Answers): Answers {
  for await (const answer of answers) {
    yield answer;
    if (!(answer as WatchStudyResponse).moreTrials) await sleep(updateIntervalMs, systemTimers, signal);
    if (signal.aborted) return;
  }
}

/** Sends output as events "output" with text. A character is never cut. */
export async function sendOutput(reply: Reply, answers: Answers): Promise<void> {
  let decoder = new TextDecoder();
  let nextOffset = 0;
  await sendEvents(reply, answers, (answer) => {
    const { attempt, offset, chunk } = answer as ReadOutputResponse;
    // The rest of a character is missing with the bytes between two chunks.
    if (offset !== nextOffset) decoder = new TextDecoder();
    nextOffset = offset + chunk.length;
    return event("output", { attempt, offset, text: decoder.decode(chunk, { stream: true }) });
  });
}

/**
 * Sends events, then "end". A fault after the first event is an event "fault", unless it passes by
 * itself: the browser then opens the stream again.
 */
async function sendEvents(reply: Reply, answers: Answers, text: (answer: unknown) => string): Promise<void> {
  const { response, keepAliveMs = KEEP_ALIVE_MS } = reply;
  const headers = { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" };
  const comments = setInterval(() => {
    if (response.headersSent && !response.writableNeedDrain) response.write(": waiting\n\n");
  }, keepAliveMs);
  let isFirst = true;
  try {
    await sendAll(reply, answers, headers, (answer) => {
      const opening = isFirst ? `retry: ${RETRY_MS}\n\n` : "";
      isFirst = false;
      return opening + text(answer);
    });
    response.end(event("end", {}));
  } catch (error) {
    const fault = httpError(error);
    if (!response.headersSent || fault === undefined) throw error;
    response.end(isPassing(error) ? "" : event("fault", fault.body));
  } finally {
    clearInterval(comments);
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * Sends each part as soon as the call yields it, and waits while the client reads slowly. The first
 * part sends the headers: a call that is refused before it still gets the status of its refusal.
 */
async function sendAll(
  { response, signal }: Reply,
  answers: Answers,
  headers: Readonly<Record<string, string>>,
  part: (answer: unknown) => string | Uint8Array,
): Promise<void> {
  for await (const answer of answers) {
    if (!response.headersSent) response.writeHead(200, headers);
    if (!response.write(part(answer))) await once(response, "drain", { signal });
  }
  if (!response.headersSent) response.writeHead(200, headers);
}
