import assert from "node:assert/strict";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Gauge, type Registry } from "prom-client";
import { readConfig } from "../config.js";
import { UserError } from "../errors.js";
import { createLogger } from "../logger.js";
import { readExposition } from "./exposition.fixture.js";
import { createRegistry } from "./registry.js";
import { type MetricsServer, startMetricsServer } from "./server.js";
import { METRICS_VARIABLES } from "./variables.js";

const logger = createLogger({ service: "test", instance: "test", level: "silent" });
const LOCAL = { host: "127.0.0.1", port: 0 };

describe("the server of metrics", () => {
  let registry: Registry;
  let server: MetricsServer;

  beforeEach(async () => {
    registry = createRegistry({ service: "test", version: "1.2.3" });
    server = await startMetricsServer(registry, LOCAL, logger);
  });
  afterEach(() => server.close());

  function get(path: string, method = "GET"): Promise<Response> {
    return fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  }

  it("answers with the process and the build in Prometheus' text format", async () => {
    const response = await get("/metrics?name=x");
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const families = readExposition(await response.text());
    const series = [...(families.get("sintonia_build_info")?.series ?? [])];
    assert.deepEqual(series, [[`sintonia_build_info{service="test",version="1.2.3",node="${process.version}"}`, 1]]);
    assert.equal(families.get("process_cpu_seconds_total")?.type, "counter");
  });

  it("has nothing else, and can be read only", async () => {
    for (const path of ["/", "/metrics/", "/../metrics/x", "/%2e%2e/etc/passwd"]) {
      assert.equal((await get(path)).status, 404, path);
    }
    for (const method of ["POST", "PUT", "DELETE"]) assert.equal((await get("/metrics", method)).status, 405);
  });

  it("survives garbage, and a metric that cannot be collected", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.end("\0\0 not http\r\n\r\n");
    for await (const _ of socket);
    new Gauge({
      name: "broken",
      help: "Fails.",
      registers: [registry],
      collect: () => {
        throw new Error("broken");
      },
    });
    assert.equal((await get("/metrics")).status, 500);
    registry.removeSingleMetric("broken");
    assert.equal((await get("/metrics")).status, 200);
  });

  it("says which address is taken", async () => {
    const taken = { host: "127.0.0.1", port: server.port };
    await assert.rejects(startMetricsServer(registry, taken, logger), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /^the metrics cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*; set SINTONIA_METRICS/,
      );
      return true;
    });
  });
});

describe("SINTONIA_METRICS_ADDRESS", () => {
  function read(value: string) {
    return readConfig(METRICS_VARIABLES, { SINTONIA_METRICS_ADDRESS: value }).metricsAddress;
  }

  it("is a host and a port, and unset by default", () => {
    assert.equal(read(""), undefined);
    assert.deepEqual(read("0.0.0.0:9464"), { host: "0.0.0.0", port: 9464 });
    assert.deepEqual(read("[::1]:0"), { host: "::1", port: 0 });
    assert.deepEqual(read("localhost:65535"), { host: "localhost", port: 65_535 });
  });

  it("refuses everything else", () => {
    for (const value of ["9464", ":9464", "host:", "host:65536", "host:-1", "http://host:1", "a b:1", "::1:5"]) {
      assert.throws(() => read(value), /SINTONIA_METRICS_ADDRESS is ".*", must be host:port/, value);
    }
  });
});

describe("the reader of expositions", () => {
  const whole = "# HELP a_total Things.\n# TYPE a_total counter\n";

  it("refuses what Prometheus refuses", () => {
    for (const text of [
      "a 1\n",
      "# TYPE a gauge\na 1\n",
      `${whole}a_total{x="1",x="2"} 1\n`,
      `${whole}a_total 1\na_total 1\n`,
      `${whole}a_total one\n`,
      `${whole}a_total -1\n`,
      `${whole}a_total{x='1'} 1\n`,
      `${whole}a_total 1`,
    ]) {
      assert.throws(() => readExposition(text), text);
    }
    assert.equal(readExposition(`${whole}a_total{x="\\"\\\\"} 1\n`).size, 1);
  });

  it("refuses names of ours against the conventions", () => {
    for (const [name, type] of [
      ["sintonia_things", "counter"],
      ["sintonia_things_total", "gauge"],
      ["sintonia_wait_milliseconds", "gauge"],
    ]) {
      assert.throws(() => readExposition(`# HELP ${name} Things.\n# TYPE ${name} ${type}\n${name} 1\n`), name);
    }
  });
});
