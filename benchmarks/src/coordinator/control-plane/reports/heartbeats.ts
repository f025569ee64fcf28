import type { LeaseKey } from "@sintonia/proto/sintonia/v1/trainer";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";

/** Interval of a trainer's heartbeats at the default time to live of a lease, in milliseconds. */
const INTERVAL_MS = 5_000;

/** A trainer that holds a lease. */
interface Holder {
  readonly id: string;
  readonly lease: LeaseKey;
}

/**
 * The heartbeats of trainers that hold leases, spread evenly over their interval. They keep the
 * lease of a trainer whose report is refused for lack of room again and again.
 */
export class Heartbeats {
  readonly #service: ReturnType<typeof connectTrainerService>;
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<Promise<void>>();

  constructor(address: string, holders: readonly Holder[]) {
    this.#service = connectTrainerService(address);
    let next = 0;
    this.#timer = setInterval(() => {
      const holder = holders[next++ % holders.length];
      if (holder !== undefined) this.#send(holder);
    }, INTERVAL_MS / holders.length);
  }

  /** Ends the heartbeats. Their trainers have ended, so that a refused one means nothing. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    this.#service.close();
  }

  #send({ id, lease }: Holder): void {
    const call = this.#service.client.heartbeat({ trainer: { id, engine: "synthetic" }, lease });
    const settled: Promise<void> = call.then(
      () => undefined,
      () => undefined,
    );
    this.#underWay.add(settled);
    void settled.then(() => this.#underWay.delete(settled));
  }
}
