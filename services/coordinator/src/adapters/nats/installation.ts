import { COORDINATORS_STREAM, INSTALLATION_SUBJECT } from "@sintonia/runtime/nats/topology";
import type { JetStreamManager, NatsConnection } from "nats";
import type { InstallationStore } from "../../shell/installation.js";
import { available, found } from "./availability.js";
import { publishAfter } from "./publish-after.js";

/** Time limit of one answer of the server, in milliseconds. */
const ANSWER_MS = 5_000;

/** The identity of the installation in the stream COORDINATORS_STREAM. */
export class NatsInstallation implements InstallationStore {
  readonly #connection: NatsConnection;
  readonly #manager: Promise<JetStreamManager>;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection) {
    this.#connection = connection;
    this.#manager = connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
  }

  async read(): Promise<string | undefined> {
    return await available("read the identity of the installation", async () => {
      const { streams } = await this.#manager;
      const message = await found(streams.getMessage(COORDINATORS_STREAM, { last_by_subj: INSTALLATION_SUBJECT }));
      return message && new TextDecoder().decode(message.data);
    });
  }

  async create(id: string): Promise<string> {
    const target = { stream: COORDINATORS_STREAM, subject: INSTALLATION_SUBJECT, after: 0, timeoutMs: ANSWER_MS };
    await available("write the identity of the installation", () => publishAfter(this.#connection, target, id));
    return (await this.read()) ?? id;
  }
}
