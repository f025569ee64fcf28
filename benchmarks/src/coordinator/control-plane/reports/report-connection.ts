// A trainer's connection that only reports epochs, on one stream. It writes the frames of gRPC
// itself: hundreds of trainers share the process, whose pauses would count as late answers.

import {
  Directive,
  type ReportEpochsRequest,
  ReportEpochsResponse,
  ReportEpochsRequest as ReportMessage,
  TrainerServiceDefinition,
} from "@sintonia/proto/sintonia/v1/trainer";
import { FrameConnection } from "./http2-frames.js";

const { fullName, methods } = TrainerServiceDefinition;

const HEADERS = {
  ":method": "POST",
  ":scheme": "http",
  ":path": `/${fullName}/${methods.reportEpochs.name}`,
  "content-type": "application/grpc",
  te: "trailers",
};

/** Bytes before a message: a flag for compression, and the length. */
const PREFIX_BYTES = 5;

/** The answer to a report: stored, or refused for lack of room. */
export type ReportAnswer = { readonly kind: "stored" } | { readonly kind: "refused"; readonly retryAfterMs: number };

/** The report under way. */
interface Pending {
  resolve(answer: ReportAnswer): void;
  reject(error: Error): void;
}

/** A connection of a trainer. */
export class ReportConnection {
  readonly #frames: FrameConnection;
  #pending: Pending | undefined;
  #received: Buffer = Buffer.alloc(0);

  /** @param address - host and port of the coordinator */
  constructor(address: string) {
    this.#frames = new FrameConnection(address, { ":authority": address, ...HEADERS });
    this.#frames.begin({
      onData: (data) => this.#receive(data),
      onEnd: (error) => this.#pending?.reject(error),
    });
  }

  /**
   * Reports an epoch. The report before has been answered.
   *
   * @throws for any answer but a stored report and a refusal for lack of room
   */
  report(report: ReportEpochsRequest): Promise<ReportAnswer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#frames.send(framed(ReportMessage.encode(report).finish()));
    });
  }

  close(): void {
    this.#frames.close();
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    const { length } = this.#received;
    if (length < PREFIX_BYTES || length < PREFIX_BYTES + this.#received.readUInt32BE(1)) return;
    const { directive, retryAfterMs } = ReportEpochsResponse.decode(this.#received.subarray(PREFIX_BYTES));
    this.#received = Buffer.alloc(0);
    if (retryAfterMs > 0) this.#pending?.resolve({ kind: "refused", retryAfterMs });
    else if (directive === Directive.CONTINUE) this.#pending?.resolve({ kind: "stored" });
    else this.#pending?.reject(new Error(`a report was answered with directive ${directive}`));
  }
}

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(PREFIX_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}
