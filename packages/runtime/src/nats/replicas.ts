import { type JetStreamManager, type NatsConnection, NatsError, type StreamConfig, type StreamInfo } from "nats";
import { UserError } from "../errors.js";

/** Copies that survive the loss of one server: two of three are a majority. */
const REPLICAS_WANTED = 3;

/**
 * JetStream's error codes for a cluster with too few servers: no suitable peer, insufficient
 * resources, a server outside a cluster, an update that finds no peer.
 */
const TOO_FEW_SERVERS: readonly number[] = [10005, 10023, 10074, 10061];

/** Number of copies of a stream. */
export interface Replicas {
  readonly wanted: number;
  /** True if fewer copies are refused, false if they are accepted. */
  readonly isRequired: boolean;
}

/**
 * Returns the copies that a stream gets.
 *
 * @param required - the configured number; undefined for three, or as many as the cluster has
 *   servers
 */
export function replicasOf(connection: NatsConnection, required: number | undefined): Replicas {
  if (required !== undefined) return { wanted: required, isRequired: true };
  return { wanted: connection.info?.cluster === undefined ? 1 : REPLICAS_WANTED, isRequired: false };
}

/**
 * Creates a stream with the wanted copies, or with as many as the cluster has servers.
 *
 * @throws {UserError} if the cluster has too few servers for a required number
 */
export async function addReplicated(
  manager: JetStreamManager,
  config: Partial<StreamConfig>,
  { wanted, isRequired }: Replicas,
): Promise<StreamInfo> {
  return await fewer({ from: wanted, isRequired, least: 1 }, config.name as string, (replicas) =>
    manager.streams.add({ ...config, num_replicas: replicas }),
  );
}

/**
 * Raises the copies of an existing stream to the wanted number, or as far as the cluster allows.
 * Leaves more copies as they are.
 *
 * @returns the copies that the stream has then
 * @throws {UserError} if the cluster has too few servers for a required number
 */
export async function raiseReplicas(
  manager: JetStreamManager,
  { config }: StreamInfo,
  { wanted, isRequired }: Replicas,
): Promise<number> {
  const current = config.num_replicas;
  if (current >= wanted) return current;
  const least = isRequired ? wanted : current;
  const updated = await fewer({ from: wanted, isRequired, least }, config.name, async (replicas) =>
    replicas === current ? undefined : await manager.streams.update(config.name, { num_replicas: replicas }),
  );
  return updated?.config.num_replicas ?? current;
}

/** Tries a request with ever fewer copies while the cluster has too few servers. */
async function fewer<T>(
  { from, least, isRequired }: { from: number; least: number; isRequired: boolean },
  stream: string,
  request: (replicas: number) => Promise<T>,
): Promise<T> {
  for (let replicas = from; ; replicas--) {
    try {
      return await request(replicas);
    } catch (error) {
      if (!hasTooFewServers(error)) throw error;
      if (isRequired || replicas <= least) throw new UserError(explain(stream, replicas, error), { cause: error });
    }
  }
}

function hasTooFewServers(error: unknown): error is NatsError {
  return error instanceof NatsError && TOO_FEW_SERVERS.includes(error.api_error?.err_code ?? 0);
}

function explain(stream: string, replicas: number, { message }: NatsError): string {
  const advice = "start more servers with JetStream in its cluster, or set SINTONIA_NATS_REPLICAS to their number";
  return `NATS cannot keep ${replicas} copies of the stream ${stream} (${message}); ${advice}`;
}
