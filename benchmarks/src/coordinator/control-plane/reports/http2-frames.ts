// HTTP/2 (RFC 9113) for calls that differ only in their message: one header block, written once
// without compression, and answers of which only the data is read. A call costs a tenth of the
// processor time of a client that understands every header.

import { connect, type Socket } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const FRAME_HEADER_BYTES = 9;

/** Types of frames, RFC 9113 section 6. */
const Frame = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const END_STREAM = 0x1;
const ACK = 0x1;
const END_HEADERS = 0x4;

/** Answer bytes that the server may send in all calls of the connection. */
const WINDOW_BYTES = 2 ** 31 - 1;
const INITIAL_WINDOW_BYTES = 65_535;

/** Header fields of a request, by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** An HTTP/2 connection whose requests have the same headers. */
export class FrameConnection {
  readonly #socket: Socket;
  readonly #headers: Buffer;
  readonly #calls = new Map<number, { data: Buffer; resolve(data: Buffer): void; reject(error: Error): void }>();
  #received: Buffer = Buffer.alloc(0);
  #nextStream = 1;

  /**
   * @param address - host and port
   * @param headers - those of every request, with the pseudo-header fields first
   */
  constructor(address: string, headers: RequestHeaders) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#headers = headerBlock(headers);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error(`the connection to ${address} was closed`)));
    const window = Buffer.alloc(4);
    window.writeUInt32BE(WINDOW_BYTES - INITIAL_WINDOW_BYTES);
    this.#socket.write(Buffer.concat([PREFACE, frame(Frame.settings, 0, 0), frame(Frame.windowUpdate, 0, 0, window)]));
  }

  /** Sends a request. Returns the data of the answer: none if it consists of headers alone. */
  request(data: Buffer): Promise<Buffer> {
    const stream = this.#nextStream;
    this.#nextStream += 2;
    const headers = frame(Frame.headers, END_HEADERS, stream, this.#headers);
    this.#socket.write(Buffer.concat([headers, frame(Frame.data, END_STREAM, stream, data)]));
    return new Promise((resolve, reject) => this.#calls.set(stream, { data: Buffer.alloc(0), resolve, reject }));
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    for (;;) {
      const { length: available } = this.#received;
      if (available < FRAME_HEADER_BYTES) return;
      const end = FRAME_HEADER_BYTES + this.#received.readUIntBE(0, 3);
      if (available < end) return;
      this.#read(this.#received.subarray(0, end));
      this.#received = this.#received.subarray(end);
    }
  }

  #read(bytes: Buffer): void {
    const [type, flags, stream] = [bytes.readUInt8(3), bytes.readUInt8(4), bytes.readUInt32BE(5)];
    const payload = bytes.subarray(FRAME_HEADER_BYTES);
    if (type === Frame.settings && (flags & ACK) === 0) this.#socket.write(frame(Frame.settings, ACK, 0));
    if (type === Frame.ping && (flags & ACK) === 0) this.#socket.write(frame(Frame.ping, ACK, 0, payload));
    if (type === Frame.goAway) this.#fail(new Error("the server ended the connection"));
    const call = this.#calls.get(stream);
    if (call === undefined) return;
    if (type === Frame.reset) call.reject(new Error("the server reset a call"));
    if (type === Frame.data) call.data = Buffer.concat([call.data, payload]);
    if ((type === Frame.data || type === Frame.headers) && (flags & END_STREAM) !== 0) call.resolve(call.data);
    else if (type !== Frame.reset) return;
    this.#calls.delete(stream);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, FRAME_HEADER_BYTES);
  return bytes;
}

/** Returns header fields as literals without indexing or Huffman coding, RFC 7541 6.2.2. */
function headerBlock(headers: RequestHeaders): Buffer {
  const literals = Object.entries(headers).map(([name, value]) => {
    return Buffer.concat([Buffer.from([0]), literal(name), literal(value)]);
  });
  return Buffer.concat(literals);
}

/** Returns a string of at most 126 bytes, RFC 7541 5.2. */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.length > 126) throw new RangeError(`a header has ${bytes.length} bytes, expected at most 126`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
