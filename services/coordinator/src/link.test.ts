import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { addressForOthers } from "./link.js";

test("a coordinator names the address at which others reach it", () => {
  const cases: readonly (readonly [advertised: string | undefined, host: string, address: string])[] = [
    [undefined, "127.0.0.1", "127.0.0.1:7230"],
    [undefined, "0.0.0.0", `${hostname()}:7230`],
    [undefined, "::", `${hostname()}:7230`],
    ["10.1.2.3", "0.0.0.0", "10.1.2.3:7230"],
    ["fd00::1", "::", "[fd00::1]:7230"],
    ["coordinator.example:443", "0.0.0.0", "coordinator.example:443"],
    ["[fd00::1]:443", "::", "[fd00::1]:443"],
  ];
  for (const [advertisedAddress, grpcHost, address] of cases) {
    assert.equal(addressForOthers({ advertisedAddress, grpcHost }, 7230), address);
  }
});
