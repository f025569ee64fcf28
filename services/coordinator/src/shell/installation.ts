// The identity of the installation, in NATS and in the state folder. It shows at the start that
// both belong together.

import { randomUUID } from "node:crypto";
import { UserError } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";

/** The identity in NATS. */
export interface InstallationStore {
  /**
   * Returns the identity; undefined if there is none.
   *
   * @throws {StoreUnavailableError}
   */
  read(): Promise<string | undefined>;
  /**
   * Stores an identity, unless another coordinator stores one at the same time.
   *
   * @returns the stored identity
   * @throws {StoreUnavailableError}
   */
  create(id: string): Promise<string>;
}

/** The identity in the state folder, or in another place of content. */
export interface InstallationFolder {
  /** @throws {StoreUnavailableError} */
  read(): Promise<string | undefined>;
  /** @throws {StoreUnavailableError} */
  write(id: string): Promise<void>;
}

/** The two places, and the answer of a person. */
export interface InstallationContext {
  readonly store: InstallationStore;
  readonly folder: InstallationFolder;
  /** Names of the places for a person. */
  readonly names: {
    readonly store: string;
    readonly folder: string;
    /** @default "state folder" */
    readonly kind?: string;
  };
  /** Tells whether NATS has a record of a study that the state folder has a copy of. */
  readonly sharesRecord: () => Promise<boolean>;
  /** True if a person has decided that the folder goes on with this NATS. */
  readonly mayAdopt: boolean;
  readonly logger: Logger;
}

/**
 * Checks that NATS and the state folder belong to one installation, and makes a new installation of
 * two places without an identity. A folder without one joins the installation of NATS. A NATS whose
 * identity cannot be read gets it back, if its studies are those of the state folder.
 *
 * @throws {UserError} if the folder belongs to another installation, and no person has decided
 * @throws {StoreUnavailableError}
 */
export async function joinInstallation(context: InstallationContext): Promise<void> {
  const { store, folder, names, mayAdopt, logger } = context;
  const own = await folder.read();
  const present = await store.read();
  if (own !== undefined && own === present) return;
  if (own !== undefined && present === undefined && (await context.sharesRecord())) {
    await store.create(own);
    logger.warn(
      { place: names.store, installation: own },
      "NATS has lost the identity of the installation, and gets it back",
    );
    return;
  }
  if (own !== undefined && !mayAdopt) throw new UserError(question(own, present, names));
  const id = present ?? (await store.create(own ?? randomUUID()));
  if (id !== own) await folder.write(id);
  if (own !== undefined)
    logger.warn({ place: names.folder, former: own, installation: id }, "state folder goes on with another NATS");
}

function question(own: string, present: string | undefined, names: InstallationContext["names"]): string {
  const { kind = "state folder" } = names;
  const difference =
    present === undefined
      ? "has no studies of it: it is empty, was set up anew, or is another server"
      : `belongs to installation ${present}`;
  return [
    `the ${kind} ${names.folder} belongs to installation ${own}, but NATS at ${names.store} ${difference};`,
    `start the former NATS or restore its store, use another ${kind},`,
    "or set SINTONIA_ADOPT_NATS=true to go on here, which gives this NATS the studies that the folder has copies of",
  ].join(" ");
}
