import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UserError } from "../../errors.js";
import { createLogger } from "../../logger.js";
import { type NatsDoor, requireNatsLogin } from "./access.js";

type Mode = Parameters<typeof requireNatsLogin>[1]["natsSecurity"];

/** Returns the messages that a check logs, or the refusal. */
function check(natsSecurity: Mode, server: string, info: NonNullable<NatsDoor["info"]>): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line).message) };
  const logger = createLogger({ service: "c", instance: "t", level: "info", destination });
  try {
    requireNatsLogin({ getServer: () => server, info }, { natsSecurity }, logger);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return `refused: ${error.message}`;
  }
  return lines.join();
}

describe("the door of NATS", () => {
  it("is closed with users or with client certificates, wherever the server is", () => {
    for (const info of [{ auth_required: true }, { tls_verify: true }]) {
      assert.equal(check("required", "nats:4222", info), "");
      assert.equal(check("required", "127.0.0.1:4222", info), "");
    }
  });

  it("must not be open unless that is allowed", () => {
    assert.match(check("required", "nats:4222", {}), /^refused: NATS at nats:4222 asks for no login.*=insecure allows/);
    assert.match(check("required", "[::1]:4222", {}), /^refused: .*SINTONIA_NATS_SECURITY=development allows/);
    assert.match(check("development", "nats:4222", {}), /^refused: .*=insecure allows/);
  });

  it("may be open on loopback for development, and anywhere in a guarded network, with a warning", () => {
    for (const server of ["127.0.0.1:4222", "localhost:4222", "[::1]:4222"])
      assert.match(check("development", server, {}), /^nats lets everybody in/);
    assert.match(check("insecure", "nats:4222", {}), /^nats lets everybody in/);
  });
});
