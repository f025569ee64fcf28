import { nkeys } from "nats";

/** A pair of keys that identifies a user to NATS. */
export interface Nkey {
  /** The secret half, for SINTONIA_NATS_NKEY. */
  readonly seed: string;
  /** The half that the server's configuration names. */
  readonly publicKey: string;
}

/** Makes the random keys of a user. */
export function createNkey(): Nkey {
  const pair = nkeys.createUser();
  return { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
}
