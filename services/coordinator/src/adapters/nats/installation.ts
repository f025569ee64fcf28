import { DEFAULT_NAMES } from "@sintonia/runtime/nats/names";
import type { NatsConnection } from "nats";
import type { InstallationStore } from "../../shell/installation.js";
import { available } from "./availability.js";
import { LastMessage } from "./last-message.js";

/** Time limit of one answer of the server, in milliseconds. */
const ANSWER_MS = 5_000;

/** The identity of the installation in the stream of coordinators. */
export class NatsInstallation implements InstallationStore {
  readonly #message: LastMessage;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, { coordinators: stream, installationSubject: subject } = DEFAULT_NAMES) {
    this.#message = new LastMessage(connection, { stream, subject, timeoutMs: ANSWER_MS });
  }

  async read(): Promise<string | undefined> {
    const message = await available("read the identity of the installation", () => this.#message.read());
    return message && new TextDecoder().decode(message.data);
  }

  async create(id: string): Promise<string> {
    await available("write the identity of the installation", () => this.#message.replace(0, id));
    return (await this.read()) ?? id;
  }
}
