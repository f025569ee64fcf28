import { once } from "node:events";
import { createServer, type Server } from "node:net";

/**
 * First port, and number of ports, from which to choose. They lie below those that systems hand out
 * on demand (Linux from 32768 on, macOS from 49152): otherwise a connection or another program
 * could get a server's port before the server listens, or while it restarts.
 */
const FIRST = 10_000;
const COUNT = 22_400;
/** Ports of a block, of which a process takes the ports of its servers. It holds the first one. */
const BLOCK = 64;
const BLOCKS = COUNT / BLOCK;

/** The next port of the block, and the one after its last port. */
let next = 0;
let end = 0;

/**
 * Finds `count` loopback ports that are free. They stay free until the caller's servers listen, and
 * while one of these restarts: calls in a process return different ports, and no other process that
 * calls this function gets one of them before this process ends.
 *
 * @throws if there are not enough
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    if (next === end) {
      const first = await claimBlock();
      [next, end] = [first + 1, first + BLOCK];
    }
    const port = next;
    next += 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** Finds a block that no other process holds, and listens on its first port. Returns that port. */
async function claimBlock(): Promise<number> {
  for (let tries = 0; tries < BLOCKS; tries += 1) {
    const first = FIRST + ((process.pid + tries) % BLOCKS) * BLOCK;
    const server = await listen(first);
    // The port is held until the process ends, which it does not keep alive.
    if (server !== undefined) {
      server.unref();
      return first;
    }
  }
  throw new Error(`of the ports ${FIRST} to ${FIRST + COUNT - 1}, not enough are free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (server === undefined) return false;
  await once(server.close(), "close");
  return true;
}

/** Starts a server that ends every connection. Returns undefined if it cannot listen. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  // Ignored: whatever prevents the listening, the port is of no use.
  return await once(server, "listening").then(
    () => server,
    () => undefined,
  );
}
