import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { freePorts } from "./ports.js";

describe("free ports", () => {
  it("differ from those of earlier calls, although no server listens yet", async () => {
    const ports = [...(await freePorts(3)), ...(await freePorts(3))];
    assert.equal(new Set(ports).size, 6);
  });

  it("leave out a port on which a server listens", async () => {
    const [last = 0] = await freePorts(1);
    const server = createServer().listen(last + 1, "127.0.0.1");
    // Ignored: if another program has the port, it is as busy.
    await once(server, "listening").catch(() => undefined);
    const ports = await freePorts(2);
    assert.ok(!ports.includes(last + 1), `${ports}`);
    server.close();
  });

  it("differ from those of a process that runs at the same time and begins at the same port", async () => {
    const first = await freePorts(1);
    const program = `Object.defineProperty(process, "pid", { value: ${process.pid} });
      const { freePorts } = await import(${JSON.stringify(new URL("ports.js", import.meta.url).href)});
      console.log(JSON.stringify(await freePorts(20)));`;
    const others: number[] = JSON.parse(
      execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" }),
    );
    const own = [...first, ...(await freePorts(20))];
    assert.deepEqual(
      own.filter((port) => others.includes(port)),
      [],
    );
  });

  it("are none that a system hands out on demand", async () => {
    for (const port of await freePorts(20)) assert.ok(port >= 10_000 && port < 32_768, `${port}`);
  });
});
