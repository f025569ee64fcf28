import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { createShutdown, exitWithParent } from "./lifecycle.js";
import { createLogger } from "./logger.js";

const logger = createLogger({ service: "test", instance: "test", level: "silent" });

function shutdownUnderTest() {
  const exits: number[] = [];
  return { exits, shutdown: createShutdown({ logger, exit: (code) => void exits.push(code) }) };
}

describe("a shutdown", () => {
  it("runs its closers one after another, last in, first out, and then exits", async () => {
    const { shutdown, exits } = shutdownUnderTest();
    const steps: string[] = [];
    for (const name of ["nats", "loop", "grpc"]) {
      shutdown.add(name, async () => {
        steps.push(`${name} begins`);
        await Promise.resolve();
        steps.push(`${name} ends`);
      });
    }
    await shutdown.begin("test");
    assert.deepEqual(steps, ["grpc begins", "grpc ends", "loop begins", "loop ends", "nats begins", "nats ends"]);
    assert.deepEqual(exits, [0]);
  });

  it("runs once when it is begun several times, and exits with the first exit code", async () => {
    const { shutdown, exits } = shutdownUnderTest();
    let closed = 0;
    shutdown.add("counter", () => {
      closed += 1;
    });
    await Promise.all([shutdown.begin("fatal", 1), shutdown.begin("SIGTERM")]);
    await shutdown.begin("again");
    assert.equal(closed, 1);
    assert.deepEqual(exits, [1]);
  });

  it("aborts its signal before the first closer runs", async () => {
    const { shutdown } = shutdownUnderTest();
    assert.equal(shutdown.signal.aborted, false);
    let seen: boolean | undefined;
    shutdown.add("reader", () => {
      seen = shutdown.signal.aborted;
    });
    await shutdown.begin("test");
    assert.equal(seen, true);
  });

  it("continues after a closer that fails and one that never ends", async () => {
    const { shutdown, exits } = shutdownUnderTest();
    let last = false;
    shutdown.add("last", () => {
      last = true;
    });
    shutdown.add("fails", () => Promise.reject(new Error("cannot close")));
    shutdown.add("hangs", () => new Promise(() => undefined), 1);
    await shutdown.begin("test");
    assert.equal(last, true);
    assert.deepEqual(exits, [0]);
  });

  it("begins when the parent's end of standard input closes", async () => {
    const { shutdown, exits } = shutdownUnderTest();
    const stdin = new PassThrough();
    exitWithParent(shutdown, stdin);
    stdin.write("ignored");
    assert.equal(shutdown.signal.aborted, false);
    stdin.end();
    await once(stdin, "close");
    await shutdown.begin("joins the one under way");
    assert.deepEqual(exits, [0]);
  });
});

const LIFECYCLE = JSON.stringify(new URL("./lifecycle.js", import.meta.url));
const LOGGER = JSON.stringify(new URL("./logger.js", import.meta.url));
const ERRORS = JSON.stringify(new URL("./errors.js", import.meta.url));

/** Starts a program in its own process, because signals and exit codes belong to a process. */
function run(code: string): ChildProcess {
  const imports = [
    `import { createShutdown, exitWithParent, runMain, shutdownOnSignals } from ${LIFECYCLE};`,
    `import { createLogger } from ${LOGGER};`,
    `import { UserError } from ${ERRORS};`,
  ];
  return spawn(process.execPath, ["--input-type=module", "--eval", [...imports, code].join("\n")]);
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  assert.ok(child.stderr);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code: code as number | null, stderr };
}

describe("a program", () => {
  it("prints a UserError as one line without a stack trace, and exits with 1", async () => {
    const main = `async () => { throw new UserError("port 7 is in use") }`;
    const { code, stderr } = await outcome(run(`await runMain("coordinator", ${main}, { verbose: false })`));
    assert.equal(stderr, "coordinator: port 7 is in use\n");
    assert.equal(code, 1);
  });

  it("prints an unexpected error as one line that names the option for the stack trace", async () => {
    const main = `async () => { setImmediate(() => { throw new Error("two\\nlines") }); await new Promise(() => {}) }`;
    const { code, stderr } = await outcome(run(`await runMain("trainer", ${main}, { verbose: false })`));
    assert.match(stderr, /^trainer: unexpected error: two lines \(--verbose .*\)\n$/);
    assert.equal(code, 1);
  });

  it("prints stack traces and causes if it is verbose", async () => {
    const main = `async () => { throw new UserError("outer", { cause: new Error("inner") }) }`;
    const { stderr } = await outcome(run(`await runMain("trainer", ${main}, { verbose: true })`));
    assert.match(stderr, /^trainer: .*outer\n {4}at .*caused by: Error: inner\n {4}at /s);
  });

  const service = `
    const logger = createLogger({ service: "s", instance: "i", level: "info" });
    const shutdown = createShutdown({ logger });
    shutdownOnSignals(shutdown);
    exitWithParent(shutdown);
    const timer = setInterval(() => {}, 1000);`;

  it("runs its closers at SIGTERM and exits with 0", async () => {
    const child = run(`${service} shutdown.add("timer", () => clearInterval(timer)); logger.info("ready");`);
    const ended = outcome(child);
    child.stdout?.once("data", () => child.kill("SIGTERM"));
    assert.deepEqual(await ended, { code: 0, stderr: "" });
  });

  it("ends at once at a second signal", async () => {
    const child = run(`${service} shutdown.add("hangs", () => new Promise(() => {})); logger.info("ready");`);
    const ended = outcome(child);
    child.stdout?.on("data", () => child.kill("SIGINT"));
    assert.deepEqual(await ended, { code: 130, stderr: "" });
  });

  it("ends when its parent closes the pipe", async () => {
    const child = run(`${service} logger.info("ready");`);
    const ended = outcome(child);
    child.stdout?.once("data", () => child.stdin?.destroy());
    assert.deepEqual(await ended, { code: 0, stderr: "" });
  });
});
