import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, it } from "node:test";
import { exportSpans } from "./otlp-export.js";
import { trialContext } from "./trace-context.js";

const SERVICE = { name: "sintonia-trainer", version: "1.2.3", instance: "trainer-1" };
const CONTEXT = trialContext({ studyId: "study", createdAt: 1_000, trialId: "0" });
const SPAN = { name: "attempt of a test", context: CONTEXT, startMs: 1_000.5, endMs: 2_000 };

let collector: Server | undefined;

afterEach(() => {
  collector?.close();
  delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
});

/** Starts a collector. Returns the requests that it gets. */
async function collect() {
  const requests: { readonly url: string | undefined; readonly type: string | undefined; readonly body: Buffer }[] = [];
  collector = createServer(async (request, response) => {
    const { url, headers } = request;
    requests.push({ url, type: headers["content-type"], body: await buffer(request) });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  return requests;
}

it("exports what waits when it is closed, as protobuf", async () => {
  const requests = await collect();
  const { record, close } = await exportSpans("http/protobuf", SERVICE);
  record(SPAN);
  record({ ...SPAN, name: "not sampled", context: { ...CONTEXT, isSampled: false } });
  await close();
  assert.deepEqual(
    requests.map(({ url, type }) => [url, type]),
    [["/v1/traces", "application/x-protobuf"]],
  );
  const text = requests[0]?.body.toString("latin1") ?? "";
  for (const part of [SPAN.name, SERVICE.name, SERVICE.instance, SERVICE.version]) assert.ok(text.includes(part), part);
  assert.ok(requests[0]?.body.includes(Buffer.from(CONTEXT.traceId, "hex")));
  assert.ok(!text.includes("not sampled"));
});

it("writes names, times and faults in OTLP's JSON", async () => {
  const requests = await collect();
  const { record, close } = await exportSpans("http/json", SERVICE);
  const event = { name: "epoch", atMs: 1_500, attributes: { epoch: 3, note: undefined } };
  record({ ...SPAN, kind: "server", parentSpanId: "00f067aa0ba902b7", events: [event], fault: "It broke." });
  await close();
  const { resourceSpans } = JSON.parse(requests[0]?.body.toString() ?? "{}");
  const [span] = resourceSpans[0].scopeSpans[0].spans;
  assert.deepEqual(
    [span.traceId, span.spanId, span.parentSpanId],
    [CONTEXT.traceId, CONTEXT.spanId, "00f067aa0ba902b7"],
  );
  assert.deepEqual([span.startTimeUnixNano, span.endTimeUnixNano], ["1000500000", "2000000000"]);
  assert.deepEqual(span.status, { code: 2, message: "It broke." });
  assert.deepEqual(
    span.events.map(({ name, timeUnixNano, attributes }: Record<string, unknown>) => [name, timeUnixNano, attributes]),
    [["epoch", "1500000000", [{ key: "epoch", value: { intValue: 3 } }]]],
  );
});

it("ends also without a collector", async () => {
  await collect();
  collector?.close();
  const { record, close } = await exportSpans("http/protobuf", SERVICE);
  record(SPAN);
  await close();
});
