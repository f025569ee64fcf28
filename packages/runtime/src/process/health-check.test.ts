import assert from "node:assert/strict";
import { it } from "node:test";
import { OPEN_DOORS } from "../grpc/security/server-security.js";
import { startGrpcServer } from "../grpc/server.js";
import { createLogger } from "../logger.js";
import { healthFault } from "./health-check.js";

/** Upper limit of an answer in ms. The server is in this process. */
const ANSWER_MS = 10_000;

const logger = createLogger({ service: "test", instance: "test", level: "silent" });

it("finds no fault of a server that serves, and names that of one that does not or has ended", async () => {
  const server = await startGrpcServer({ host: "127.0.0.1", port: 0, services: [], logger, doors: OPEN_DOORS });
  const address = `127.0.0.1:${server.port}`;
  try {
    assert.equal(await healthFault(address, ANSWER_MS), `the server at ${address} answers that it does not serve`);
    server.setServing(true);
    assert.equal(await healthFault(address, ANSWER_MS), undefined);
  } finally {
    await server.stop(0);
  }
  assert.match(
    String(await healthFault(address, ANSWER_MS)),
    /^the server at 127\.0\.0\.1:\d+ does not answer \(connection refused\)$/,
  );
});
