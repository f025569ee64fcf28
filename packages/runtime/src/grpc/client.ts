import type { ChannelOptions } from "@grpc/grpc-js";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { type Client, type CompatServiceDefinition, createChannel, createClientFactory } from "nice-grpc";
import { type DeadlineOptions, deadlineMiddleware } from "nice-grpc-client-middleware-deadline";

/** How long one answer may take, in milliseconds. Far above what a healthy coordinator needs. */
const CALL_DEADLINE_MS = 10_000;

/** How long a question to the oracle may take, in milliseconds: it waits for suggestions that were asked for before. */
const ORACLE_DEADLINE_MS = 60_000;

/** How long an artifact may travel, in milliseconds. */
const TRANSFER_DEADLINE_MS = 300_000;

/** A dead coordinator is found after 30 s at most, and one that comes back is found again within 5 s. */
const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 5_000,
  "grpc.max_receive_message_length": 4 * 1024 * 1024,
  // Coordinators stand beside their callers: a web proxy in the environment is not the way to them.
  "grpc.enable_http_proxy": 0,
};

/** A client and the connection below it. Connects at the first call; a call fails at once while the peer is down. */
export interface Connected<D extends CompatServiceDefinition> {
  /** One method per RPC. Each takes a deadline in milliseconds and an AbortSignal. Throws ClientError. */
  readonly client: Client<D, DeadlineOptions>;
  /** Closes the connection and cancels the calls under way. */
  close(): void;
}

/** Makes a client of a coordinator's trainer service. The address is "host:port". */
export function connectTrainerService(address: string): Connected<TrainerServiceDefinition> {
  const channel = createChannel(address, undefined, CHANNEL_OPTIONS);
  const client = createClientFactory()
    .use(deadlineMiddleware)
    .create(TrainerServiceDefinition, channel, {
      "*": { deadline: CALL_DEADLINE_MS },
      uploadArtifact: { deadline: TRANSFER_DEADLINE_MS },
      downloadCheckpoint: { deadline: TRANSFER_DEADLINE_MS },
    });
  return { client, close: () => channel.close() };
}

/** Makes a client of a coordinator's admin service. The address is "host:port". WatchStudy has no deadline. */
export function connectAdminService(address: string): Connected<AdminServiceDefinition> {
  const channel = createChannel(address, undefined, CHANNEL_OPTIONS);
  const unary = { deadline: CALL_DEADLINE_MS };
  const client = createClientFactory()
    .use(deadlineMiddleware)
    .create(AdminServiceDefinition, channel, {
      createStudy: unary,
      getStudy: unary,
      listStudies: unary,
      listTrials: unary,
      stopStudy: unary,
      getBestTrial: unary,
      explainTrial: { deadline: ORACLE_DEADLINE_MS },
      getImportance: { deadline: ORACLE_DEADLINE_MS },
      downloadArtifact: { deadline: TRANSFER_DEADLINE_MS },
    });
  return { client, close: () => channel.close() };
}
