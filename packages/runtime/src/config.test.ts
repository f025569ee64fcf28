import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { flag, integerBetween, isVerbose, oneOf, readConfig, secret, text } from "./config.js";
import { UserError } from "./errors.js";

const VARIABLES = {
  port: { name: "T_PORT", ...integerBetween(0, 65535), default: "50051", doc: "Port to listen on." },
  level: { name: "T_LEVEL", ...oneOf(["info", "debug"]), default: "info", doc: "Least severe level." },
  url: { name: "T_URL", ...text("a URL"), doc: "Where NATS is." },
  password: { name: "T_PASSWORD", ...integerBetween(1, 9), optional: true, secret: true, doc: "Password." },
  watch: { name: "T_WATCH", ...flag(), default: "0", doc: "Whether to watch." },
} as const;

describe("readConfig", () => {
  it("reads typed values, falls back to defaults and leaves an optional one undefined", () => {
    const config = readConfig(VARIABLES, { T_URL: "nats://x", T_WATCH: "true", T_PORT: "0" });
    const port: number = config.port;
    const level: "info" | "debug" = config.level;
    assert.deepEqual(
      { ...config, port, level },
      {
        port: 0,
        level: "info",
        url: "nats://x",
        password: undefined,
        watch: true,
      },
    );
    assert.ok(Object.isFrozen(config));
  });

  it("treats an empty variable as unset", () => {
    const config = readConfig(VARIABLES, { T_URL: "nats://x", T_PORT: "", T_PASSWORD: "" });
    assert.equal(config.port, 50051);
    assert.equal(config.password, undefined);
  });

  it("lists every problem at once with name, received value and accepted values, but no secret", () => {
    const env = { T_PORT: "70000", T_LEVEL: "loud", T_PASSWORD: "hunter2", T_WATCH: "yes" };
    assert.throws(
      () => readConfig(VARIABLES, env),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(
          error.message,
          [
            'configuration is not valid: T_PORT is "70000", must be an integer from 0 to 65535',
            'T_LEVEL is "loud", must be one of info, debug',
            "T_URL is not set, must be a URL",
            "T_PASSWORD is (a value not shown), must be an integer from 1 to 9",
            'T_WATCH is "yes", must be 1 or true, 0 or false',
          ].join("; "),
        );
        return true;
      },
    );
  });

  for (const value of ["1.5", "0x10", " 7", "1e3", "NaN", "-1", "99999999999999999999"]) {
    it(`refuses ${JSON.stringify(value)} as a port`, () => {
      assert.throws(() => readConfig({ port: VARIABLES.port }, { T_PORT: value }), UserError);
    });
  }
});

it("is verbose if the variable or the argument is set", () => {
  assert.equal(isVerbose({}, []), false);
  assert.equal(isVerbose({ SINTONIA_VERBOSE: "0" }, ["run"]), false);
  assert.equal(isVerbose({ SINTONIA_VERBOSE: "1" }, []), true);
  assert.equal(isVerbose({}, ["run", "--verbose"]), true);
});

describe("a secret variable", () => {
  const SECRET = { pass: { name: "T_PASS", ...secret("a password"), optional: true, doc: "Password." } } as const;
  const folder = mkdtempSync(join(tmpdir(), "sintonia-config-"));
  const file = join(folder, "pass");
  after(() => rmSync(folder, { recursive: true }));

  it("comes from the environment or from a file, whose last line end does not count", () => {
    writeFileSync(file, "hunter2\n");
    assert.equal(readConfig(SECRET, { T_PASS: "hunter1" }).pass?.reveal(), "hunter1");
    assert.equal(readConfig(SECRET, { T_PASS_FILE: file }).pass?.reveal(), "hunter2");
    assert.equal(readConfig(SECRET, { T_PASS_FILE: "" }).pass, undefined);
  });

  it("is refused if both are set, or if the file is empty or missing", () => {
    writeFileSync(file, "\n");
    assert.throws(() => readConfig(SECRET, { T_PASS: "hunter1", T_PASS_FILE: file }), {
      message: "configuration is not valid: T_PASS and T_PASS_FILE exclude each other",
    });
    assert.throws(() => readConfig(SECRET, { T_PASS_FILE: file }), { message: /T_PASS is \(a value not shown\)/ });
    assert.throws(() => readConfig(SECRET, { T_PASS_FILE: join(folder, "none") }), {
      message: /T_PASS_FILE names a file that cannot be read: no such file or directory/,
    });
  });
});
