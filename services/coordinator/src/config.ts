// The coordinator's environment variables. No other file reads them.

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { FILE_VARIABLES } from "@sintonia/files/variables";
import {
  type Config,
  flag,
  integerBetween,
  type Kind,
  listenAddress,
  oneOf,
  readConfig,
  text,
} from "@sintonia/runtime/config";
import { UserError } from "@sintonia/runtime/errors";
import { CLIENT_SECURITY_VARIABLES } from "@sintonia/runtime/grpc/security/client-security";
import { SERVER_SECURITY_VARIABLES } from "@sintonia/runtime/grpc/security/server-security";
import { LOG_LEVELS } from "@sintonia/runtime/logger";
import { METRICS_VARIABLES } from "@sintonia/runtime/metrics/variables";
import { NATS_ACCESS_VARIABLES } from "@sintonia/runtime/nats/audit/access";
import { NATS_VARIABLES } from "@sintonia/runtime/nats/variables";
import { TRACING_VARIABLES } from "@sintonia/runtime/tracing/variables";
import { ENGINE_NAMES } from "@sintonia/training/engine/contract/engine";
import { z } from "zod";

/** Variables of the calls that a coordinator which does not lead forwards to the leader. */
const LINK_VARIABLES = {
  coordinatorTlsName: {
    ...text("a name"),
    name: "SINTONIA_COORDINATOR_TLS_NAME",
    optional: true,
    doc: "Name that the certificates of all coordinators have; unset for the host of each advertised address.",
  },
  coordinatorCaFile: CLIENT_SECURITY_VARIABLES.coordinatorCaFile,
  coordinatorCertFile: {
    ...CLIENT_SECURITY_VARIABLES.coordinatorCertFile,
    doc: "Certificate with OU coordinator for calls to the leader, in PEM; needed where clients have certificates.",
  },
  coordinatorKeyFile: {
    ...CLIENT_SECURITY_VARIABLES.coordinatorKeyFile,
    doc: "Private key of that certificate, in PEM.",
  },
} as const;

/** Variables of the live page. */
const PAGE_VARIABLES = {
  pageAddress: {
    ...listenAddress("127.0.0.1:7280"),
    name: "SINTONIA_PAGE_ADDRESS",
    optional: true,
    doc: "Address of the live page and its API; no page if unset.",
  },
  pageTls: {
    ...oneOf(["own", "proxy"]),
    name: "SINTONIA_PAGE_TLS",
    default: "own",
    doc:
      "own: the page has TLS if the gRPC server has, with its certificate. proxy: the page has none, because " +
      "browsers reach it through a proxy that ends TLS.",
  },
  pageHosts: {
    ...text("names with commas between them"),
    name: "SINTONIA_PAGE_HOSTS",
    optional: true,
    doc:
      "Names by which browsers reach the page, as of a proxy or a Service. Requests for other names are refused; " +
      "addresses and localhost need no entry.",
  },
} as const;

/** Every variable of the coordinator. An empty variable counts as unset. */
export const VARIABLES = {
  ...NATS_VARIABLES,
  natsReplicas: {
    ...integerBetween(1, 5),
    name: "SINTONIA_NATS_REPLICAS",
    optional: true,
    doc: "Copies of the streams on the servers of a NATS cluster; unset for 3, or as many as there are servers.",
  },
  grpcHost: {
    ...text("an address to listen on"),
    name: "SINTONIA_GRPC_HOST",
    default: "127.0.0.1",
    doc: "Address that the gRPC server listens on; 0.0.0.0 in a container.",
  },
  grpcPort: {
    ...integerBetween(0, 65_535),
    name: "SINTONIA_GRPC_PORT",
    default: "7230",
    doc: "Port of the gRPC server; 0 for any free port, which the log names.",
  },
  advertisedAddress: {
    ...text("a host, or host:port"),
    name: "SINTONIA_ADVERTISED_ADDRESS",
    optional: true,
    doc:
      "Address at which clients and the other coordinators reach this one; unset for the gRPC host, or this " +
      "machine's name. Without a port, that of the gRPC server.",
  },
  ...LINK_VARIABLES,
  leaderIdentity: {
    ...text("a name"),
    name: "SINTONIA_LEADER_IDENTITY",
    optional: true,
    doc: "Name that at most one process has at a time, set by its supervisor: a successor with it leads at once.",
  },
  leaderTtlMs: {
    ...integerBetween(1_500, 60_000),
    name: "SINTONIA_LEADER_TTL_MS",
    // Three renewals, so that two lost ones are harmless, and work goes on within 5 s.
    default: "3000",
    doc: "Time after which another coordinator takes over from a silent leader, in milliseconds.",
  },
  ...SERVER_SECURITY_VARIABLES,
  ...NATS_ACCESS_VARIABLES,
  healthPort: {
    ...integerBetween(1, 65_535),
    name: "SINTONIA_HEALTH_PORT",
    optional: true,
    doc: "Port of a second server without TLS that has the health checks only, for probes that know no TLS.",
  },
  ...METRICS_VARIABLES,
  ...PAGE_VARIABLES,
  ...TRACING_VARIABLES,
  stateDir: {
    ...text("a folder"),
    name: "SINTONIA_STATE_DIR",
    default: "state",
    doc: "Folder for artifacts, checkpoints, the files of studies and the output of trials; created if missing.",
  },
  artifacts: {
    ...contentPlace(),
    name: "SINTONIA_ARTIFACTS",
    default: "folder",
    doc:
      "Store of artifacts, checkpoints and the files of studies: the state folder, the object store of JetStream, " +
      "or a bucket of S3. Several coordinators without a common folder need one of the latter.",
  },
  artifactsMaxMib: {
    ...integerBetween(64, 1_073_741_824),
    name: "SINTONIA_ARTIFACTS_MAX_MIB",
    default: "4096",
    doc: "Limit of the object store of JetStream, in MiB, so that the study logs keep their room.",
  },
  natsMonitorUrl: {
    ...text("http://host:port, several with commas between them"),
    name: "SINTONIA_NATS_MONITOR_URL",
    optional: true,
    doc: "Monitoring ports of all NATS servers, which show whether acknowledged records may be lost.",
  },
  requireDurable: {
    ...flag(),
    name: "SINTONIA_REQUIRE_DURABLE",
    default: "false",
    doc: "Whether to refuse a NATS that may lose acknowledged records, or that cannot be shown not to.",
  },
  adoptNats: {
    ...flag(),
    name: "SINTONIA_ADOPT_NATS",
    default: "false",
    doc: "Whether a state folder of another installation may go on with this NATS, which gets its studies back.",
  },
  leaseTtlMs: {
    ...integerBetween(300, 3_600_000),
    name: "SINTONIA_LEASE_TTL_MS",
    // Three heartbeat intervals of 5 s, so that two lost heartbeats are harmless.
    default: "15000",
    doc: "Time to live of a lease after each renewal, in milliseconds.",
  },
  engine: {
    ...oneOf(ENGINE_NAMES),
    name: "SINTONIA_ENGINE",
    default: "onnx",
    doc: "Engine that evaluates the best model on the test split.",
  },
  podDeletionCosts: {
    ...flag(),
    name: "SINTONIA_POD_DELETION_COSTS",
    default: "false",
    doc: "Whether to tell Kubernetes which trainers have trials, so that it removes the others first.",
  },
  dataDir: {
    ...text("a folder"),
    name: "SINTONIA_DATA_DIR",
    optional: true,
    doc: "Folder with the data set's files; unset to look in the cache, in packages and on the network.",
  },
  cacheDir: {
    ...text("a folder"),
    name: "SINTONIA_CACHE_DIR",
    default: ".cache/data",
    doc: "Folder for downloaded data sets and files.",
  },
  ...FILE_VARIABLES,
  allowDownload: {
    ...flag(),
    name: "SINTONIA_ALLOW_DOWNLOAD",
    default: "true",
    doc: "Whether data sets may be downloaded.",
  },
  logLevel: {
    ...oneOf(LOG_LEVELS),
    name: "SINTONIA_LOG_LEVEL",
    default: "info",
    doc: "Least severe level that is logged.",
  },
  parentWatch: {
    ...oneOf(["none", "stdin"]),
    name: "SINTONIA_PARENT_WATCH",
    default: "none",
    doc: "stdin: end when standard input closes, as a child of the command line program does.",
  },
} as const;

/** A place for artifacts, checkpoints and the files of studies. */
export type ContentPlace =
  | { readonly kind: "folder" }
  | { readonly kind: "jetstream" }
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string };

/** Bucket by the rules of S3, and a prefix without empty parts. */
const S3_PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/((?:[A-Za-z0-9_.=-]+\/)*[A-Za-z0-9_.=-]+))?\/?$/;

function contentPlace(): Kind<ContentPlace> {
  const schema = z.string().transform((given, context): ContentPlace => {
    if (given === "folder" || given === "jetstream") return { kind: given };
    const [, bucket, prefix = ""] = S3_PLACE.exec(given) ?? [];
    if (bucket !== undefined) return { kind: "s3", bucket, prefix };
    context.addIssue({ code: "custom", message: "not a place" });
    return z.NEVER;
  });
  return { schema, accepts: "folder, jetstream, or s3://bucket/prefix" };
}

/** The coordinator's configuration. */
export type CoordinatorConfig = Config<typeof VARIABLES> & {
  /** Unique to this process. */
  readonly instance: string;
};

/**
 * Reads the configuration of this process.
 *
 * @throws {UserError} that lists every problem
 */
export function readCoordinatorConfig(env: NodeJS.ProcessEnv): CoordinatorConfig {
  const instance = `${hostname()}-${randomBytes(3).toString("hex")}`;
  const config = readConfig(VARIABLES, env);
  const hasLogin = config.awsAccessKeyId !== undefined && config.awsSecretAccessKey !== undefined;
  if (config.artifacts.kind === "s3" && !hasLogin)
    throw new UserError(
      "SINTONIA_ARTIFACTS names a bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key for it",
    );
  return Object.freeze({ ...config, instance });
}
