// The credentials of a run: random, new for each run, and gone with it. Only this user reads them.

import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createToken } from "@sintonia/runtime/grpc/security/token-list";
import { NATS_ROLES, type NatsRole } from "@sintonia/runtime/nats/names";
import { createNkey } from "@sintonia/runtime/nats/nkey";
import type { NatsUser } from "../nats/server-config.js";

/** Name of the operator of a run: its user. */
const OPERATOR = "operator";

/** Returns the path of the token with which the other commands call the coordinator of a run. */
export function operatorTokenFile(folder: string): string {
  return join(folder, `${OPERATOR}.token`);
}

/** The files with the credentials of a run. */
export class ClusterCredentials {
  readonly #folder: string;

  /** @param folder - holds nothing else */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** File with the hashes of the tokens, for the coordinator. */
  get tokens(): string {
    return join(this.#folder, "tokens");
  }

  /** File with the token of a trainer. */
  tokenOf(trainer: string): string {
    return join(this.#folder, `${trainer}.token`);
  }

  /** File with the seed of a program's nkey for NATS. */
  natsSeedOf(role: NatsRole): string {
    return join(this.#folder, `nats-${role}.seed`);
  }

  /**
   * Makes new credentials for the user and for trainers. Earlier ones open nothing any more.
   *
   * @returns the users of NATS
   */
  create(trainers: readonly string[]): readonly NatsUser[] {
    this.delete();
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    // The mode of mkdir does not apply to a folder that exists.
    chmodSync(this.#folder, 0o700);
    const callers = [
      { name: OPERATOR, role: "operator" as const, path: operatorTokenFile(this.#folder) },
      ...trainers.map((name) => ({ name, role: "trainer" as const, path: this.tokenOf(name) })),
    ];
    const lines = callers.map(({ path, ...caller }) => {
      const { token, line } = createToken(caller);
      this.#write(path, token);
      return line;
    });
    this.#write(this.tokens, lines.join("\n"));
    return NATS_ROLES.map((role) => {
      const { seed, publicKey } = createNkey();
      this.#write(this.natsSeedOf(role), seed);
      return { role, nkey: publicKey };
    });
  }

  /** Deletes the credentials. Safe to repeat. */
  delete(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(path: string, text: string): void {
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
  }
}
