import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import { type NatsConnection, NatsError } from "nats";
import type { InstallationStore } from "../../shell/installation.js";
import { available, STORE_FAILED } from "./requests/availability.js";
import { digestHeaders, intactBody } from "./requests/digest.js";
import { LastMessage } from "./requests/last-message.js";

/** Time limit of one answer of the server, in milliseconds. */
const ANSWER_MS = 5_000;

/** The identity of the installation in the stream of coordinators. */
export class NatsInstallation implements InstallationStore {
  readonly #connection: NatsConnection;
  readonly #stream: string;
  readonly #message: LastMessage;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, { coordinators: stream, installationSubject: subject } = DEFAULT_NAMES) {
    this.#connection = connection;
    this.#stream = stream;
    this.#message = new LastMessage(connection, { stream, subject, timeoutMs: ANSWER_MS });
  }

  async read(): Promise<string | undefined> {
    const message = await available("read the identity of the installation", () => this.#message.read());
    return message && intactBody(message);
  }

  async create(id: string): Promise<string> {
    const stored = await this.#stored(id).catch(unlessDamaged);
    if (stored !== undefined) return stored;
    // The store cannot write beside a damaged message, or cannot read what it takes.
    await available("empty the stream of coordinators", async () => {
      const manager = await this.#connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
      await manager.streams.purge(this.#stream);
    });
    return (await this.#stored(id)) ?? id;
  }

  async #stored(id: string): Promise<string | undefined> {
    await available("write the identity of the installation", () => this.#message.replace(0, id, digestHeaders(id)));
    return await this.read();
  }
}

function unlessDamaged(error: unknown): undefined {
  const { cause } = error as Error;
  if (cause instanceof NatsError && cause.api_error?.err_code === STORE_FAILED) return undefined;
  throw error;
}
