import { once } from "node:events";
import { createServer } from "node:net";

/**
 * First port, and number of ports, from which to choose. They lie below those that systems hand out
 * on demand (Linux from 32768 on, macOS from 49152): otherwise a connection or another program
 * could get a server's port before the server listens, or while it restarts.
 */
const FIRST = 10_000;
const COUNT = 22_400;
/** Ports between the first choices of two processes with neighbouring ids. */
const BLOCK = 64;

let chosen = 0;

/**
 * Finds `count` loopback ports that are free. A found port stays free until the caller's server
 * listens, so that another search could find it too. Calls in a process therefore return different
 * ports, and processes that run at the same time begin their searches at different ports.
 *
 * @throws if there are not enough
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries += 1) {
    if (tries === COUNT) throw new Error(`of the ports ${FIRST} to ${FIRST + COUNT - 1}, fewer than ${count} are free`);
    const port = FIRST + ((process.pid * BLOCK + chosen) % COUNT);
    chosen += 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    // Ignored: whatever prevents the listening, the port is of no use.
    return false;
  }
  await once(server.close(), "close");
  return true;
}
