import type { S3Keys } from "../contract/s3-keys.js";

/** Keys that end at a time, in ms since 1970. */
export interface EndingKeys extends S3Keys {
  readonly endsAt: number;
}

/** Time before the end of keys from which new ones are fetched, in ms, as in Amazon's libraries. */
const RENEWAL_MS = 300_000;

/** Keys that are fetched, kept, and fetched again before they end. */
export class TemporaryKeys {
  readonly #fetchKeys: () => Promise<EndingKeys>;
  readonly #nowMs: () => number;
  #keys: EndingKeys | undefined;
  #fetching: Promise<EndingKeys> | undefined;

  /** @param nowMs - wall time in ms since 1970 */
  constructor(fetchKeys: () => Promise<EndingKeys>, nowMs: () => number = Date.now) {
    this.#fetchKeys = fetchKeys;
    this.#nowMs = nowMs;
  }

  /**
   * Returns the present keys. Requests at once share a fetch. Keys that are still valid serve on
   * while new ones cannot be fetched.
   *
   * @throws the error of the fetch
   */
  async get(): Promise<S3Keys> {
    const { endsAt = 0 } = this.#keys ?? {};
    if (this.#keys !== undefined && this.#nowMs() < endsAt - RENEWAL_MS) return this.#keys;
    this.#fetching ??= this.#fetchKeys().finally(() => {
      this.#fetching = undefined;
    });
    try {
      this.#keys = await this.#fetching;
      return this.#keys;
    } catch (error) {
      if (this.#keys !== undefined && this.#nowMs() < endsAt) return this.#keys;
      throw error;
    }
  }
}
