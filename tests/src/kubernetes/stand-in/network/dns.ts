// A name server for pods, like CoreDNS. It knows the services of the cluster, and nothing else.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

const PORT = 53;
const TYPE_A = 1;
const HEADER_BYTES = 12;
/** Seconds that a client may keep an answer. */
const TTL_SECONDS = 1;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

/** Returns the addresses of a name; undefined if there is no such name. */
export type Resolve = (name: string) => readonly string[] | undefined;

/** Starts a name server. Needs root. */
export async function startDns(address: string, resolve: Resolve): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address: client }) => {
    const reply = answer(query, resolve);
    if (reply !== undefined) socket.send(reply, port, client);
  });
  socket.bind(PORT, address);
  await once(socket, "listening");
  return socket;
}

/** Answers a query with one question; undefined for anything else. */
function answer(query: Buffer, resolve: Resolve): Buffer | undefined {
  if (query.length < HEADER_BYTES || query.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let position = HEADER_BYTES;
  for (let length = query[position] ?? 0; length > 0; length = query[position] ?? 0) {
    labels.push(query.toString("latin1", position + 1, position + 1 + length));
    position += 1 + length;
  }
  const end = position + 5;
  if (query.length < end) return undefined;
  const known = resolve(labels.join(".").toLowerCase());
  const addresses = query.readUInt16BE(position + 1) === TYPE_A ? (known ?? []) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // A response with recursion available, to a query that may have asked for it.
  header.writeUInt16BE(0x8580 | (known === undefined ? NO_SUCH_NAME : NO_ERROR), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...addresses.map(record)]);
}

/** An answer of type A. Its name refers to the question's, at byte 12 of the message. */
function record(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  bytes.writeUInt16BE(TYPE_A, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt32BE(TTL_SECONDS, 6);
  bytes.writeUInt16BE(4, 10);
  Buffer.from(address.split(".").map(Number)).copy(bytes, 12);
  return bytes;
}
