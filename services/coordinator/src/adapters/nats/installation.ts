import { DEFAULT_NAMES, type NatsNames } from "@sintonia/runtime/nats/names";
import type { JetStreamManager, NatsConnection } from "nats";
import type { InstallationStore } from "../../shell/installation.js";
import { available, found } from "./availability.js";
import { publishAfter } from "./publish-after.js";

/** Time limit of one answer of the server, in milliseconds. */
const ANSWER_MS = 5_000;

/** The identity of the installation in the stream of coordinators. */
export class NatsInstallation implements InstallationStore {
  readonly #names: NatsNames;
  readonly #connection: NatsConnection;
  readonly #manager: Promise<JetStreamManager>;

  /** @param connection - the caller closes it, and has created its streams with ensureStreams */
  constructor(connection: NatsConnection, names = DEFAULT_NAMES) {
    this.#names = names;
    this.#connection = connection;
    this.#manager = connection.jetstreamManager({ timeout: ANSWER_MS, checkAPI: false });
  }

  async read(): Promise<string | undefined> {
    return await available("read the identity of the installation", async () => {
      const { streams } = await this.#manager;
      const message = await found(
        streams.getMessage(this.#names.coordinators, { last_by_subj: this.#names.installationSubject }),
      );
      return message && new TextDecoder().decode(message.data);
    });
  }

  async create(id: string): Promise<string> {
    const target = {
      stream: this.#names.coordinators,
      subject: this.#names.installationSubject,
      after: 0,
      timeoutMs: ANSWER_MS,
    };
    await available("write the identity of the installation", () => publishAfter(this.#connection, target, id));
    return (await this.read()) ?? id;
  }
}
