// The traces of a study, as a collector gets them from a coordinator and a trainer.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, type LogLine, TrainerProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

/** A span in OTLP's JSON, with the name of its service. Times are in ns, as text. */
interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<ReceivedSpan, "service">[] }[];
  }[];
}

describe("the traces of the services", () => {
  let nats: NatsServer;
  let folder: string;
  let collector: Server;
  const spans: ReceivedSpan[] = [];
  const paths = new Set<string | undefined>();
  const lines: LogLine[] = [];

  before(async () => {
    collector = createServer(async (request, response) => {
      paths.add(request.url);
      spans.push(...spansIn((await json(request)) as TracesRequest));
      response.setHeader("content-type", "application/json").end("{}");
    }).listen(0, "127.0.0.1");
    await once(collector, "listening");
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-traces-"));
    const settings = {
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: path.join(folder, "state"),
      SINTONIA_CACHE_DIR: path.join(folder, "cache"),
      SINTONIA_ALLOW_DOWNLOAD: "false",
      SINTONIA_CHECKPOINT_INTERVAL_MS: "0",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    };
    const coordinator = new CoordinatorProcess(settings);
    const trainer = new TrainerProcess({ ...settings, SINTONIA_COORDINATOR_ADDRESS: await coordinator.address() });
    await coordinator.withAdmin(async (client) => {
      await client.createStudy({ spec: tinySpec("traced"), studyId: "traced" });
      for await (const _ of client.watchStudy({ studyId: "traced" }));
    });
    await trainer.line("attempt ended", 2);
    // The end of a process exports what waits.
    assert.deepEqual(await Promise.all([trainer.end(), coordinator.end()]), [0, 0]);
    lines.push(...coordinator.lines, ...trainer.lines);
  });
  after(async () => {
    collector.close();
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it("have one trace for each trial, in which every span hangs from that of the trial", LIMIT, () => {
    assert.deepEqual([...paths], ["/v1/traces"]);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    assert.deepEqual(
      roots.map(({ name, service }) => [service, name]),
      [1, 2].map(() => ["sintonia-coordinator", "trial"]),
    );
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 2);
    for (const span of spans) {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      assert.ok(roots.includes(span) || parent?.traceId === span.traceId, `${span.name} has no parent`);
    }
  });

  it("tell the way of a trial through NATS and gRPC, from the suggestion to the result", LIMIT, () => {
    const service = "sintonia.v1.TrainerService";
    const calls = ["AcquireLease", "UploadArtifact", "CompleteTrial"].map((call) => `${service}/${call}`);
    // A trial that ends soon after its first epoch may save none.
    const mayBe = `${service}/SaveCheckpoint`;
    for (const { traceId } of spans.filter(({ name }) => name === "trial")) {
      const namesOf = (of: string) =>
        new Set(
          spans
            .filter((span) => span.traceId === traceId && span.service === of && span.name !== mayBe)
            .map(({ name }) => name),
        );
      const expected = ["suggestion", "wait for a trainer", "trial", ...calls];
      assert.deepEqual(namesOf("sintonia-coordinator"), new Set(expected));
      assert.deepEqual(namesOf("sintonia-trainer"), new Set(["attempt", "training", ...calls]));
    }
  });

  it("have the ids that the log lines of both services about a trial carry", LIMIT, () => {
    const about = lines.filter(({ trialId, attempt }) => trialId !== undefined && attempt !== undefined);
    const attempts = spans.filter(({ name }) => name === "attempt").map(({ traceId }) => traceId);
    for (const service of ["coordinator", "trainer"]) {
      const own = about.filter((line) => line["service"] === service);
      assert.deepEqual(new Set(own.map(({ traceId }) => traceId)), new Set(attempts));
    }
    const named = new Set(about.map(({ trialId, traceId }) => `${trialId} ${traceId}`));
    assert.equal(named.size, attempts.length);
  });

  it("have a server's span of a call within the trainer's one", LIMIT, () => {
    for (const { parentSpanId, name, service } of spans) {
      if (service !== "sintonia-coordinator" || !name.includes("/")) continue;
      const client = spans.find(({ spanId }) => spanId === parentSpanId);
      assert.deepEqual([client?.service, client?.name], ["sintonia-trainer", name]);
    }
  });
});

function spansIn({ resourceSpans }: TracesRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const name = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? "";
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ service: name, ...span })));
  });
}
