// The queues of resource classes. They are made when a study or a trainer first needs them, so that
// an installation without resources has no stream for them.

import { type Clock, systemClock } from "@sintonia/runtime/clock";
import { ensureClassQueue, ensureResourceStream, type StreamOptions } from "@sintonia/runtime/nats/topology";
import type { JetStreamManager, NatsConnection } from "nats";

/** Time for which a queue counts as present, in milliseconds: somebody may delete it. */
const PRESENT_MS = 30_000;

/** Upper limit of the resource classes of an installation, which bounds the consumers of NATS. */
export const CLASSES_MAX = 100;

/** The names and the copies of the streams. */
export interface ClassQueueOptions extends Pick<StreamOptions, "names" | "logger" | "replicas"> {
  /** @default the clock of the system */
  readonly clock?: Clock;
}

/** Makes the stream and the queues, and looks again after some time. */
export class ClassQueues {
  readonly #connection: NatsConnection;
  readonly #manager: Promise<JetStreamManager>;
  readonly #options: ClassQueueOptions;
  /** The making of each queue that is present or being made. The stream has the name "". */
  readonly #made = new Map<string, { readonly atMs: number; readonly making: Promise<void> }>();

  constructor(connection: NatsConnection, manager: Promise<JetStreamManager>, options: ClassQueueOptions) {
    this.#connection = connection;
    this.#manager = manager;
    this.#options = options;
  }

  /** Makes the stream unless it is present. */
  async ensureStream(): Promise<void> {
    await this.#once("", async (manager) => ensureResourceStream(this.#connection, manager, this.#options));
  }

  /** Makes the queue of a class unless it is present. Does nothing beyond the limit of classes. */
  async open(resourceClass: string): Promise<void> {
    await this.ensureStream();
    if (!this.#made.has(resourceClass) && this.#made.size > CLASSES_MAX) return;
    await this.#once(resourceClass, (manager) => ensureClassQueue(manager, this.#options.names, resourceClass));
  }

  async #once(name: string, make: (manager: JetStreamManager) => Promise<void>): Promise<void> {
    const { clock = systemClock } = this.#options;
    const present = this.#made.get(name);
    const nowMs = clock.monotonicMs();
    if (present !== undefined && nowMs - present.atMs < PRESENT_MS) return await present.making;
    const making = this.#manager.then(make);
    this.#made.set(name, { atMs: nowMs, making });
    await making.catch((error: unknown) => {
      this.#made.delete(name);
      throw error;
    });
  }
}
