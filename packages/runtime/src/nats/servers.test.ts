import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { UserError } from "../errors.js";
import { parseServers } from "./servers.js";

describe("a list of NATS URLs", () => {
  it("has addresses, a login and the use of TLS", () => {
    const { addresses, login, tls } = parseServers("tls://ana:p%40ss%3A@a:4333, nats://b,[::1]:4");
    assert.deepEqual(addresses, ["a:4333", "b:4222", "[::1]:4"]);
    assert.ok(login !== undefined && "user" in login);
    assert.equal(login.user, "ana");
    assert.equal(login.password.reveal(), "p@ss:");
    assert.equal(tls, true);
  });

  it("takes a name without a password as a token", () => {
    const { login } = parseServers("nats://s3cr3t@a");
    assert.ok(login !== undefined && "token" in login);
    assert.equal(login.token.reveal(), "s3cr3t");
  });

  it("is printed without the login", () => {
    const servers = parseServers("nats://ana:hunter2@a:4333,nats://b");
    assert.equal(`${servers}`, "nats://a:4333,nats://b:4222");
    for (const text of [JSON.stringify(servers), inspect(servers, { depth: null })]) {
      assert.ok(!text.includes("hunter2"), text);
    }
  });

  for (const url of [
    "",
    "nats://ana:hunter2@",
    "http://ana:hunter2@a",
    "nats://ana:hunter2@a:70000",
    "nats://ana:hunter2@a/path",
    "nats://ana:hunter2%@a",
    "nats://ana:hunter2@a,nats://ana:other@b",
    "nats://ana:hunter2@a,,",
  ]) {
    it(`is refused without showing the password: ${url}`, () => {
      assert.throws(
        () => parseServers(url),
        (error: Error) => error instanceof UserError && !error.message.includes("hunter2"),
      );
    });
  }
});
