// A trainer's connection that only reports epochs. It writes the frames of gRPC itself: hundreds of
// trainers share the process, whose pauses would count as late answers.

import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import {
  Directive,
  ReportEpochRequest as ReportEpochMessage,
  type ReportEpochRequest,
  ReportEpochResponse,
  TrainerServiceDefinition,
} from "@sintonia/proto/sintonia/v1/trainer";
import { PUSHBACK_METADATA } from "@sintonia/runtime/grpc/pushback";
import { FrameConnection } from "./http2-frames.js";

const { fullName, methods } = TrainerServiceDefinition;

const HEADERS = {
  ":method": "POST",
  ":scheme": "http",
  ":path": `/${fullName}/${methods.reportEpoch.name}`,
  "content-type": "application/grpc",
  "grpc-timeout": "10S",
  te: "trailers",
};

/** Bytes before a message: a flag for compression, and the length. */
const PREFIX_BYTES = 5;

/** The answer to a report: stored, or refused for lack of room. */
export type ReportAnswer = { readonly kind: "stored" } | { readonly kind: "refused"; readonly retryAfterMs: number };

/** A connection of a trainer. */
export class ReportConnection {
  readonly #address: string;
  readonly #frames: FrameConnection;
  #session: ClientHttp2Session | undefined;

  /** @param address - host and port of the coordinator */
  constructor(address: string) {
    this.#address = address;
    this.#frames = new FrameConnection(address, { ":authority": address, ...HEADERS });
  }

  /**
   * Reports an epoch. A report that is not answered with a message is sent again with a client that
   * reads the status: a report may be repeated.
   *
   * @throws for any answer but a stored report and a refusal for lack of room
   */
  async report(report: ReportEpochRequest): Promise<ReportAnswer> {
    const message = framed(ReportEpochMessage.encode(report).finish());
    const body = await this.#frames.request(message);
    return body.length === 0 ? await this.#reportAgain(message) : stored(body);
  }

  close(): void {
    this.#frames.close();
    this.#session?.close();
  }

  async #reportAgain(message: Buffer): Promise<ReportAnswer> {
    const { body, status } = await this.#call(message);
    if (status["grpc-status"] === "0") return stored(body);
    const retryAfterMs = status[PUSHBACK_METADATA];
    if (retryAfterMs !== undefined) return { kind: "refused", retryAfterMs: Number(retryAfterMs) };
    throw new Error(`a report was answered with status ${status["grpc-status"]}: ${status["grpc-message"]}`);
  }

  #call(message: Buffer): Promise<{ readonly body: Buffer; readonly status: IncomingHttpHeaders }> {
    this.#session ??= connect(`http://${this.#address}`);
    const stream = this.#session.request(HEADERS);
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status: IncomingHttpHeaders = {};
      // An answer without a message has its status in the headers, any other in the trailers.
      stream.on("response", (headers) => {
        status = headers;
      });
      stream.on("trailers", (trailers) => {
        status = trailers;
      });
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => resolve({ body: Buffer.concat(chunks), status }));
      stream.on("error", reject);
      stream.end(message);
    });
  }
}

function stored(body: Buffer): ReportAnswer {
  const { directive } = ReportEpochResponse.decode(body.subarray(PREFIX_BYTES));
  if (directive === Directive.CONTINUE) return { kind: "stored" };
  throw new Error(`a report was answered with directive ${directive}`);
}

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(PREFIX_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}
