import type { ChannelOptions } from "@grpc/grpc-js";
import { AdminServiceDefinition } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import {
  type Channel,
  type Client,
  type ClientMiddleware,
  type CompatServiceDefinition,
  createChannel,
  createClientFactory,
} from "nice-grpc";
import { type DeadlineOptions, deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { errorDetailsClientMiddleware } from "nice-grpc-error-details";
import { addressesOf, followLeader } from "./following-client.js";
import { honourPushback } from "./pushback.js";
import { bearerMiddleware, type ClientSecurity } from "./security/client-security.js";

/** Deadline of a call in milliseconds, far above the answer time of a healthy coordinator. */
const CALL_DEADLINE_MS = 10_000;

const UNARY = { deadline: CALL_DEADLINE_MS };

/** Deadline of a call that asks the oracle, in ms. It queues behind suggestions of all studies. */
const ORACLE_DEADLINE_MS = 60_000;

/** Deadline of the transfer of one artifact, in milliseconds. */
const TRANSFER_DEADLINE_MS = 300_000;

/**
 * The client detects a dead coordinator after at most 30 s: the keepalive interval and the timeout
 * of its answer. It reconnects to a restarted one within 5 s: the longest back-off.
 */
const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 5_000,
  "grpc.max_receive_message_length": 4 * 1024 * 1024,
  // Coordinators run in the network of their callers: HTTP_PROXY of the environment does not apply.
  "grpc.enable_http_proxy": 0,
  // Each channel has a connection of its own, also beside others to the same address.
  "grpc.use_local_subchannel_pool": 1,
  // Statistics of every call and connection, which nothing reads.
  "grpc.enable_channelz": 0,
};

/** Encryption of a connection. */
export interface ChannelSecurity extends Pick<ClientSecurity, "credentials"> {
  /** Name that the certificate of the server must have. @default the host of the address */
  readonly tlsName?: string | undefined;
}

/**
 * Opens a connection to a coordinator. The caller closes it.
 *
 * @param address - "host:port"
 */
export function openChannel(address: string, { credentials, tlsName }: ChannelSecurity): Channel {
  const name = tlsName === undefined ? {} : { "grpc.ssl_target_name_override": tlsName };
  return createChannel(address, credentials, { ...CHANNEL_OPTIONS, ...name });
}

/**
 * A client and its connection. The client connects at the first call. While the server is down,
 * calls fail at once.
 */
export interface Connected<D extends CompatServiceDefinition> {
  /**
   * One method per RPC. Each accepts a deadline in ms and an AbortSignal, and throws ClientError.
   */
  readonly client: Client<D, DeadlineOptions>;
  /** Closes the connection and cancels the pending calls. */
  close(): void;
}

/**
 * Creates a client of the trainer service. DownloadFile has no deadline: its caller sets a limit of
 * idle time.
 *
 * @param addresses - "host:port" of each coordinator, with commas between them; calls follow the
 *   leader
 * @param security - encryption and identity; none for a coordinator of development
 * @param tracing - middleware of the traces of calls; none without traces
 */
export function connectTrainerService(
  addresses: string,
  security: ClientSecurity = {},
  tracing?: ClientMiddleware,
): Connected<TrainerServiceDefinition> {
  const connect = (address: string) => {
    const channel = openChannel(address, security);
    const factory = clientFactory(security);
    const client = (tracing ? factory.use(tracing) : factory).create(TrainerServiceDefinition, channel, {
      acquireLease: UNARY,
      reportEpoch: UNARY,
      heartbeat: UNARY,
      saveCheckpoint: UNARY,
      resumeTrial: UNARY,
      completeTrial: UNARY,
      failTrial: UNARY,
      appendOutput: UNARY,
      uploadArtifact: { deadline: TRANSFER_DEADLINE_MS },
      downloadCheckpoint: { deadline: TRANSFER_DEADLINE_MS },
    });
    return { address, client, close: () => channel.close() };
  };
  return followLeader(TrainerServiceDefinition, addressesOf(addresses).map(connect));
}

/**
 * Creates a client of the admin service. WatchStudy, ReadOutput and UploadFile have no deadline.
 *
 * @param addresses - "host:port" of each coordinator, with commas between them; calls follow the
 *   leader
 * @param security - encryption and identity; none for a coordinator of development
 */
export function connectAdminService(
  addresses: string,
  security: ClientSecurity = {},
): Connected<AdminServiceDefinition> {
  const connect = (address: string) => {
    const channel = openChannel(address, security);
    const client = clientFactory(security).create(AdminServiceDefinition, channel, {
      createStudy: UNARY,
      getStudy: UNARY,
      getCaller: UNARY,
      listStudies: UNARY,
      listTrials: UNARY,
      stopStudy: UNARY,
      pauseStudy: UNARY,
      resumeStudy: UNARY,
      cancelTrial: UNARY,
      enqueueTrial: UNARY,
      retryTrial: UNARY,
      extendStudy: UNARY,
      listTrainers: UNARY,
      cordonTrainer: UNARY,
      drainTrainer: UNARY,
      uncordonTrainer: UNARY,
      hasFiles: UNARY,
      getBestTrial: UNARY,
      listCurves: UNARY,
      listEvents: { deadline: ORACLE_DEADLINE_MS },
      getSurrogate: { deadline: ORACLE_DEADLINE_MS },
      explainTrial: { deadline: ORACLE_DEADLINE_MS },
      getImportance: { deadline: ORACLE_DEADLINE_MS },
      downloadArtifact: { deadline: TRANSFER_DEADLINE_MS },
      readStudyLog: { deadline: TRANSFER_DEADLINE_MS },
    });
    return { address, client, close: () => channel.close() };
  };
  return followLeader(AdminServiceDefinition, addressesOf(addresses).map(connect));
}

function clientFactory({ token }: ClientSecurity) {
  const factory = createClientFactory().use(errorDetailsClientMiddleware).use(deadlineMiddleware).use(honourPushback());
  return token === undefined ? factory : factory.use(bearerMiddleware(token));
}
