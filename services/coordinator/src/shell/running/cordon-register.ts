// The cordons of the installation, in a store that all coordinators share.

import type { Clock } from "@sintonia/runtime/clock";
import type { Logger } from "@sintonia/runtime/logger";
import { type CordonDecision, type Cordons, type CordonWish, decideCordon } from "../../core/cordon/cordons.js";
import { StoreUnavailableError } from "../../ports/study-log.js";

/** The stored cordons. */
export interface StoredCordons {
  /** Undefined if the record cannot be read. */
  readonly cordons: Cordons | undefined;
  /** 0 if there is no record. */
  readonly revision: number;
}

/** The record of the cordons. Of two writes with the same `after`, at most one is stored. */
export interface CordonStore {
  /** @throws {StoreUnavailableError} */
  read(): Promise<StoredCordons>;
  /**
   * Writes the cordons in place of those of revision `after`.
   *
   * @returns the new revision; undefined if the store holds another record
   * @throws {StoreUnavailableError} whether the record is stored is then unknown
   */
  write(cordons: Cordons, after: number): Promise<number | undefined>;
}

/**
 * Tries to write a change. Each fails only because another one came first: a call of another
 * person, or the late write of a former leader.
 */
const TRIES_MAX = 10;

/**
 * The cordons as this leader knows them. An order is answered only once it is stored, and a leader
 * answers only while it leads: its successor reads every order that was answered.
 */
export class CordonRegister {
  readonly #store: CordonStore;
  readonly #context: { readonly clock: Pick<Clock, "wallTime">; readonly logger: Logger };
  #cordons: Cordons = [];
  #revision = 0;
  /** The change before the next one. Changes follow each other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: CordonStore, context: { readonly clock: Pick<Clock, "wallTime">; readonly logger: Logger }) {
    this.#store = store;
    this.#context = context;
  }

  /** The cordons in force. */
  get cordons(): Cordons {
    return this.#cordons;
  }

  /**
   * Reads the stored cordons. A record that cannot be read counts as none.
   *
   * @throws {StoreUnavailableError}
   */
  async load(): Promise<void> {
    const { cordons, revision } = await this.#store.read();
    if (cordons === undefined) this.#context.logger.warn("cordons cannot be read, no trainer is cordoned");
    this.#cordons = cordons ?? [];
    this.#revision = revision;
  }

  /**
   * Carries out the wish of a person. The result is stored.
   *
   * @throws {StoreUnavailableError}
   */
  async change(wish: CordonWish): Promise<CordonDecision> {
    const changed = this.#last.then(() => this.#change(wish));
    // Ignored: the caller of the failed change gets the error, and the next one tries anew.
    this.#last = changed.catch(() => undefined);
    return await changed;
  }

  async #change(wish: CordonWish): Promise<CordonDecision> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const decision = decideCordon(this.#cordons, wish, this.#context.clock.wallTime().getTime());
      if (decision.kind !== "changed") return decision;
      const revision = await this.#store.write(decision.cordons, this.#revision);
      if (revision !== undefined) {
        this.#cordons = decision.cordons;
        this.#revision = revision;
        this.#context.logger.info({ ...wish }, "cordons changed");
        return decision;
      }
      await this.load();
    }
    throw new StoreUnavailableError("the cordons change too often");
  }
}
