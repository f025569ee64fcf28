import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Directive, TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { type Connected, connectTrainerService } from "@sintonia/runtime/grpc/client";
import { OverloadError, PUSHBACK_METADATA } from "@sintonia/runtime/grpc/pushback";
import { OPEN_DOORS } from "@sintonia/runtime/grpc/security/server-security";
import type { GrpcServer } from "@sintonia/runtime/grpc/server";
import { createLogger } from "@sintonia/runtime/logger";
import { createChannel, createClientFactory } from "nice-grpc";
import { ClientError, type Metadata, ServerError, Status } from "nice-grpc-common";
import { ErrorInfo, errorDetailsClientMiddleware, RetryInfo, RichClientError } from "nice-grpc-error-details";
import { RecordTooLargeError } from "../../ports/study-log.js";
import { OverloadedError } from "../../shell/study/waiting-inputs.js";
import { rejectionError, statusError } from "./edge/status.js";
import { startCoordinatorServer, type TermServices } from "./server.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const { signal } = new AbortController();

describe("the coordinator's server", () => {
  let server: GrpcServer;
  let connected: Connected<TrainerServiceDefinition>;
  /** The faults of the next reports. */
  let faults: Error[];
  let delays: unknown[];

  beforeEach(async () => {
    faults = [];
    delays = [];
    const reportEpoch = async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault instanceof ServerError ? fault : statusError(fault);
      return { directive: Directive.CONTINUE };
    };
    server = await startCoordinatorServer(
      {
        standing: () => ({ kind: "serving", signal }),
        services: () => ({ trainer: { reportEpoch }, admin: {} }) as unknown as TermServices,
        logger,
        audit: { record: () => undefined, close: async () => undefined } as never,
      },
      { host: "127.0.0.1", port: 0, security: OPEN_DOORS },
    );
    connected = connectTrainerService(`127.0.0.1:${server.port}`);
  });
  afterEach(async () => {
    connected.close();
    await server.stop(0);
  });

  function report() {
    const onTrailer = (trailer: Metadata): void => void delays.push(trailer.get(PUSHBACK_METADATA));
    return connected.client.reportEpoch({}, { onTrailer });
  }

  it("answers a call without room with a delay, after which the client repeats it", async () => {
    faults = [new OverloadedError("calls")];
    assert.equal((await report()).directive, Directive.CONTINUE);
    assert.deepEqual(delays, ["500", undefined]);
  });

  it("answers a record that is too large without a delay, for good", async () => {
    faults = [new RecordTooLargeError("study", 2_000_000, 1_000_000)];
    await assert.rejects(report(), (error) => {
      return (
        error instanceof ClientError && !(error instanceof OverloadError) && error.code === Status.RESOURCE_EXHAUSTED
      );
    });
    assert.deepEqual(delays, [undefined]);
  });

  it("sends the reason, its facts and the delay of a refusal as details of google.rpc", async () => {
    faults = [
      rejectionError({ code: "BUDGET_SPENT", maxTrials: 30 }),
      new RecordTooLargeError("study", 2_000_000, 1_000_000),
      new OverloadedError("calls"),
    ];
    const channel = createChannel(`127.0.0.1:${server.port}`);
    const client = createClientFactory().use(errorDetailsClientMiddleware).create(TrainerServiceDefinition, channel);
    const details: RichClientError["extra"] = [];
    for (const _ of [...faults]) {
      await assert.rejects(client.reportEpoch({}), (error) => {
        assert.ok(error instanceof RichClientError);
        return details.push(...error.extra) > 0;
      });
    }
    channel.close();
    const domain = "sintonia";
    assert.deepEqual(details, [
      ErrorInfo.fromPartial({ reason: "BUDGET_SPENT", domain, metadata: { maxTrials: "30" } }),
      ErrorInfo.fromPartial({ reason: "RECORD_TOO_LARGE", domain }),
      ErrorInfo.fromPartial({ reason: "OVERLOADED", domain }),
      RetryInfo.fromPartial({ retryDelay: { seconds: 0, nanos: 500_000_000 } }),
    ]);
  });
});
