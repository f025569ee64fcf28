// The settings of the JetStream streams and consumers.
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  ErrorCode,
  type JetStreamManager,
  type NatsConnection,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "nats";
import { retry } from "../backoff.js";
import { UserError } from "../errors.js";
import type { Logger } from "../logger.js";
import { type NatsNames, TRAINERS_CONSUMER } from "./names.js";
import { addReplicated, raiseReplicas, replicasOf } from "./replicas.js";

/** Upper limit of an event record in bytes, headers included: the default limit of NATS. */
const EVENT_MAX_BYTES = 1024 * 1024;

/** Time in which NATS recognises a repeated publish by its message id, in ms: the NATS default. */
const DUPLICATE_WINDOW_MS = 120_000;

/**
 * Time that a trainer may hold an assignment, in milliseconds. After it NATS delivers the
 * assignment to another trainer. A trainer asks for the lease at once and then acknowledges.
 */
const ACK_WAIT_MS = 30_000;

/** Upper limit of unacknowledged assignments, far above the number of trainers: each holds one. */
const ACK_PENDING_MAX = 10_000;

/**
 * Upper limit of the trainers that wait for an assignment at the same time: as many as a
 * coordinator knows. NATS refuses the requests of further ones, by default from 512 on.
 */
const WAITING_TRAINERS_MAX = 10_000;

/**
 * Events stay in order until a person deletes their study, record by record; the server refuses to
 * purge them. Earlier versions made the stream so that it refuses to delete single events as well,
 * which NATS cannot revoke: `verify` accepts it, and the deleted records stay.
 */
const eventsConfig = (names: NatsNames): Partial<StreamConfig> => ({
  name: names.events,
  subjects: [names.allEvents],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_age: 0,
  max_msg_size: EVENT_MAX_BYTES,
  duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  deny_purge: true,
});

/** At most one assignment per trial waits: a new one replaces the waiting one. */
const assignmentsConfig = (names: NatsNames): Partial<StreamConfig> => ({
  name: names.assignments,
  subjects: [names.allAssignments],
  retention: RetentionPolicy.Workqueue,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_msgs_per_subject: 1,
});

/** As the stream of assignments. Only coordinators whose studies or trainers need it make it. */
const resourceAssignmentsConfig = (names: NatsNames): Partial<StreamConfig> => ({
  ...assignmentsConfig(names),
  name: names.resourceAssignments,
  subjects: [names.allResourceAssignments],
});

/** Each subject holds its last message. */
const coordinatorsConfig = (names: NatsNames): Partial<StreamConfig> => ({
  name: names.coordinators,
  subjects: [names.allCoordinators],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_msgs_per_subject: 1,
});

/**
 * An object store in the format of NATS: a description and chunks for each object. A full one
 * refuses objects, so that the logs keep their room.
 */
const contentConfig = (
  { contentStream: name, contentSubjects }: NatsNames,
  maxBytes: number,
): Partial<StreamConfig> => ({
  name,
  // In the order of NATS's own clients.
  subjects: [...contentSubjects].reverse(),
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_age: 0,
  max_bytes: maxBytes,
  allow_rollup_hdrs: true,
});

const TRAINERS: Partial<ConsumerConfig> = {
  durable_name: TRAINERS_CONSUMER,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  ack_wait: nanos(ACK_WAIT_MS),
  max_deliver: -1,
  max_ack_pending: ACK_PENDING_MAX,
  max_waiting: WAITING_TRAINERS_MAX,
};

/**
 * Time after which NATS forgets the queue of a resource class that no trainer uses, in
 * milliseconds. Its assignments stay.
 */
const CLASS_IDLE_MS = 24 * 3_600_000;

/** The queue of a resource class. Its trainers share it. */
const classConsumer = (names: NatsNames, resourceClass: string): Partial<ConsumerConfig> => ({
  ...TRAINERS,
  durable_name: resourceClass,
  filter_subject: names.classAssignments(resourceClass),
  inactive_threshold: nanos(CLASS_IDLE_MS),
});

/** The number of copies of the streams, and the log that names too few of them. */
export interface StreamOptions {
  readonly names: NatsNames;
  /**
   * Copies of each stream on the servers of a cluster.
   * @default 3, or as many as the cluster has servers
   */
  readonly replicas?: number | undefined;
  /**
   * Limit of the object store of content, in bytes.
   * @default no object store
   */
  readonly contentMaxBytes?: number | undefined;
  readonly logger: Logger;
  /**
   * Time for the elections of a cluster, in milliseconds.
   * @default 30,000
   */
  readonly startMs?: number;
  /** Ends the wait for elections when aborted. */
  readonly signal?: AbortSignal;
}

const START_MS = 30_000;

/** Returns the names of the streams that `ensureStreams` makes. */
export function streamNames({ names, contentMaxBytes }: StreamOptions): readonly string[] {
  const { events, assignments, coordinators, contentStream } = names;
  return [events, assignments, coordinators, ...(contentMaxBytes === undefined ? [] : [contentStream])];
}

/**
 * Creates the missing streams and the missing consumer, raises the copies of existing streams, and
 * checks their other settings. Safe to repeat, and safe while another process does the same.
 *
 * @throws {UserError} if JetStream is off, if the login lacks a permission, if an existing setting
 *   differs, naming each setting, or if a cluster has too few servers for the `replicas` that were
 *   asked for
 */
export async function ensureStreams(connection: NatsConnection, options: StreamOptions): Promise<void> {
  const { logger, startMs = START_MS, signal } = options;
  await retry(() => createStreams(connection, options), {
    deadlineMs: startMs,
    ...(signal ? { signal } : {}),
    isTransient: isUnavailable,
    onRetry: ({ message: reason }, attempt) => logger.warn({ reason, attempt }, "jetstream not available, retrying"),
  }).catch((error: Error) => {
    if (isDenied(error)) throw deniedError(error);
    if (!isUnavailable(error) || signal?.aborted) throw error;
    const advice = "look whether most servers of its cluster run";
    throw new UserError(`JetStream of NATS does not answer (${error.message}); ${advice}`, { cause: error });
  });
}

/** Returns true if the login has no permission for a request. */
function isDenied(error: unknown): boolean {
  return error instanceof NatsError && error.code === ErrorCode.PermissionsViolation;
}

function deniedError(cause: Error): UserError {
  const what = cause.message.replace(/^'|'$/g, "");
  const advice =
    "use the login of a coordinator, with the permissions in docs/security.md for the prefix in SINTONIA_NATS_PREFIX";
  return new UserError(`the login of NATS lacks a permission (${what}); ${advice}`, { cause });
}

/** Returns true if JetStream may answer later: the servers of a cluster elect a leader. */
function isUnavailable(error: Error): boolean {
  if (!(error instanceof NatsError)) return false;
  const { code, api_error: api } = error;
  return (
    [ErrorCode.Timeout, ErrorCode.NoResponders, ErrorCode.JetStreamNotEnabled].includes(code as ErrorCode) ||
    api?.code === 503
  );
}

async function createStreams(connection: NatsConnection, options: StreamOptions): Promise<void> {
  const manager = await openJetStream(connection);
  const { names } = options;
  await ensureStream(connection, manager, eventsConfig(names), options);
  await ensureStream(connection, manager, coordinatorsConfig(names), options);
  await createQueue(connection, manager, options);
  if (options.contentMaxBytes !== undefined) await ensureContent(connection, manager, options, options.contentMaxBytes);
}

/** JetStream's error codes for a server or an account without the room that a stream reserves. */
const NO_RESERVE: readonly number[] = [10002, 10028, 10047, 10120];

async function ensureContent(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: StreamOptions,
  maxBytes: number,
): Promise<void> {
  const wanted = contentConfig(options.names, maxBytes);
  try {
    const present = await findOrAdd<StreamInfo | undefined>(
      () => manager.streams.info(options.names.contentStream),
      async () => undefined,
    );
    const isOther = present !== undefined && present.config.max_bytes !== maxBytes;
    if (isOther) await manager.streams.update(options.names.contentStream, { max_bytes: maxBytes });
    await ensureStream(connection, manager, wanted, options);
  } catch (error) {
    if (!(error instanceof NatsError) || !NO_RESERVE.includes(error.api_error?.err_code ?? 0)) throw error;
    const advice = "lower SINTONIA_ARTIFACTS_MAX_MIB, or give JetStream more room";
    throw new UserError(`JetStream has no room for artifacts (${error.message}); ${advice}`, { cause: error });
  }
}

async function createQueue(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: StreamOptions,
): Promise<void> {
  const { assignments } = options.names;
  await ensureStream(connection, manager, assignmentsConfig(options.names), options);
  const consumer = await findOrAdd(
    () => manager.consumers.info(assignments, TRAINERS_CONSUMER),
    () => manager.consumers.add(assignments, { ...TRAINERS }),
  );
  // NATS cannot change this setting, and the queue works without.
  const { max_waiting: waiting = WAITING_TRAINERS_MAX } = consumer.config;
  if (waiting < WAITING_TRAINERS_MAX) warnOfOldQueue(options, waiting);
  const wanted = { ...TRAINERS, max_waiting: waiting };
  verify(`consumer ${TRAINERS_CONSUMER} of ${assignments}`, wanted, consumer.config);
}

/** Names the queue that an older version made, from which further trainers get work late. */
function warnOfOldQueue({ names, logger }: StreamOptions, waitingTrainers: number): void {
  const advice = "delete the consumer while no trial waits; the coordinator makes it again with the new limit";
  const fields = { stream: names.assignments, consumer: TRAINERS_CONSUMER, waitingTrainers, advice };
  logger.warn(fields, "queue of assignments has a low limit of waiting trainers");
}

/**
 * Makes the queue of assignments again if its stream or its consumer is missing, and says so. The
 * coordinator publishes the lost assignments again by itself.
 */
export async function mendQueue(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: StreamOptions,
): Promise<void> {
  const { assignments } = options.names;
  try {
    await manager.consumers.info(assignments, TRAINERS_CONSUMER);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const fields = { stream: assignments, consumer: TRAINERS_CONSUMER };
    options.logger.error(fields, "somebody deleted the queue of assignments, making it again");
    await createQueue(connection, manager, options);
  }
}

/**
 * Creates the stream of the assignments of studies that ask for resources, if it is missing.
 *
 * @throws as `ensureStreams` does
 */
export async function ensureResourceStream(
  connection: NatsConnection,
  manager: JetStreamManager,
  options: StreamOptions,
): Promise<void> {
  await ensureStream(connection, manager, resourceAssignmentsConfig(options.names), options);
}

/** Creates the queue of a resource class in this stream, if it is missing. */
export async function ensureClassQueue(
  manager: JetStreamManager,
  names: NatsNames,
  resourceClass: string,
): Promise<void> {
  await findOrAdd(
    () => manager.consumers.info(names.resourceAssignments, resourceClass),
    () => manager.consumers.add(names.resourceAssignments, classConsumer(names, resourceClass)),
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof NatsError && error.api_error?.code === 404;
}

/**
 * Opens the JetStream management interface.
 *
 * @throws {UserError} if the server runs without JetStream
 */
async function openJetStream(connection: NatsConnection): Promise<JetStreamManager> {
  try {
    return await connection.jetstreamManager();
  } catch (error) {
    if (isDenied(error)) throw error;
    // The servers of a cluster with JetStream say so at once, and serve it after an election.
    if (connection.info?.jetstream && connection.info.cluster !== undefined) throw error;
    const advice = "start nats-server with --jetstream, or enable it for this account";
    throw new UserError(`NATS at ${connection.getServer()} has no JetStream; ${advice}`, { cause: error });
  }
}

async function ensureStream(
  connection: NatsConnection,
  manager: JetStreamManager,
  wanted: Partial<StreamConfig>,
  { replicas: required, logger }: StreamOptions,
): Promise<void> {
  const name = wanted.name as string;
  const copies = replicasOf(connection, required);
  const found = await findOrAdd(
    () => manager.streams.info(name),
    () => addReplicated(manager, wanted, copies),
  );
  verify(`stream ${name}`, wanted, found.config);
  const replicas = await raiseReplicas(manager, found, copies);
  const fields = { stream: name, replicas, wanted: copies.wanted };
  if (replicas < copies.wanted) logger.warn(fields, "stream has fewer replicas than wanted");
  else logger.info(fields, "stream ready");
}

async function findOrAdd<T>(find: () => Promise<T>, add: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (!isMissing(error)) throw error;
    return await add();
  }
}

/**
 * Compares the settings that the server reports with the wanted ones. They differ if an old server
 * ignored an unknown setting, or if a person created the stream.
 */
function verify(what: string, wanted: object, found: object): void {
  const problems = Object.entries(wanted)
    .map(([key, value]) => ({ key, value, actual: (found as Record<string, unknown>)[key] ?? absent(value) }))
    .filter(({ value, actual }) => JSON.stringify(value) !== JSON.stringify(actual))
    .map(({ key, value, actual }) => `${key} is ${JSON.stringify(actual)}, must be ${JSON.stringify(value)}`);
  if (problems.length > 0) {
    throw new UserError(`NATS has ${what} with other settings: ${problems.join("; ")}; delete it or use another NATS`);
  }
}

/** Returns the value that a field has if the server omits it. */
function absent(wanted: unknown): unknown {
  return { number: 0, boolean: false }[typeof wanted as string];
}
