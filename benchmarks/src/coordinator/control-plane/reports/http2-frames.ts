// HTTP/2 (RFC 9113) for one call with a stream of messages. Its headers are written once, without
// compression. Only the data of the answers is read, so that a message costs a tenth of the
// processor time of a client that understands every header.

import { connect, type Socket } from "node:net";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const FRAME_HEADER_BYTES = 9;

/** The number of the only call. */
const STREAM = 1;

/** Types of frames, RFC 9113 section 6. */
const Frame = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const END_STREAM = 0x1;
const ACK = 0x1;
const END_HEADERS = 0x4;

/** The setting of the answer bytes that the server may send in a call, RFC 9113 section 6.5.2. */
const INITIAL_WINDOW_SIZE = 4;
const WINDOW_BYTES = 2 ** 31 - 1;
const INITIAL_WINDOW_BYTES = 65_535;

/** Header fields of a call, by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** What happens on a call. */
export interface CallHandlers {
  /** Receives a piece of the answers' data. */
  readonly onData: (data: Buffer) => void;
  /** Called once, with the reason. */
  readonly onEnd: (error: Error) => void;
}

/** An HTTP/2 connection with one call. */
export class FrameConnection {
  readonly #address: string;
  readonly #socket: Socket;
  readonly #headers: Buffer;
  #handlers: CallHandlers | undefined;
  #received: Buffer = Buffer.alloc(0);

  /**
   * @param address - host and port
   * @param headers - those of the call, with the pseudo-header fields first
   */
  constructor(address: string, headers: RequestHeaders) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#address = address;
    this.#headers = headerBlock(headers);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("data", (bytes) => this.#receive(bytes));
    this.#socket.on("error", (error) => this.#end(error));
    this.#socket.on("close", () => this.#end(new Error(`the connection to ${address} was closed`)));
    const window = Buffer.alloc(4);
    window.writeUInt32BE(WINDOW_BYTES - INITIAL_WINDOW_BYTES);
    const setting = Buffer.alloc(6);
    setting.writeUInt16BE(INITIAL_WINDOW_SIZE);
    setting.writeUInt32BE(WINDOW_BYTES, 2);
    const settings = frame(Frame.settings, 0, 0, setting);
    this.#socket.write(Buffer.concat([PREFACE, settings, frame(Frame.windowUpdate, 0, 0, window)]));
  }

  /** Begins the call. */
  begin(handlers: CallHandlers): void {
    this.#handlers = handlers;
    this.#socket.write(frame(Frame.headers, END_HEADERS, STREAM, this.#headers));
  }

  /** Sends data of the call. */
  send(data: Buffer): void {
    this.#socket.write(frame(Frame.data, 0, STREAM, data));
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
    if (type === Frame.goAway) this.#end(new Error(`${this.#address} ended the connection`));
    if (stream !== STREAM) return;
    if (type === Frame.reset) this.#end(new Error(`${this.#address} reset the call`));
    if (type === Frame.data) this.#handlers?.onData(payload);
    const isLast = (type === Frame.data || type === Frame.headers) && (flags & END_STREAM) !== 0;
    if (isLast) this.#end(new Error(`${this.#address} ended the call`));
  }

  #end(error: Error): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    handlers?.onEnd(error);
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
