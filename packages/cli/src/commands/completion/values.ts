// The values of an option or an argument, as far as its definition says what they are: a set of
// choices, or a placeholder such as FILE, DIR, SPEC or STUDY.

import { resolve } from "node:path";
import type { ClientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { RunFolder } from "../../run/folder/run-folder.js";
import { openArchive } from "../../run/session/archive.js";
import { coordinatorOf, runSecurity } from "../../run/session/running.js";
import { allStudies } from "../../study/all-studies.js";
import { experimentNames } from "../../system/experiments.js";
import type { CommandContext } from "../context.js";
import { coordinatorAddress, coordinatorSecurity } from "../options.js";

/** Time limit for the ids of a coordinator: a shell waits for the answer. */
const COORDINATOR_MS = 1_000;

/** The rest of the command line. */
interface Line {
  readonly earlier: readonly string[];
  readonly context: CommandContext;
}

/** Returns the possible values of an option or an argument. */
export async function valuesOf(
  { flags }: { readonly flags: string },
  choices: readonly string[] | undefined,
  line: Line,
): Promise<readonly string[]> {
  if (choices !== undefined) return choices.map((choice) => `${choice}\t`);
  const kinds = flags.match(/[A-Z][A-Z:]*/g) ?? [];
  const lists = await Promise.all(kinds.map((kind) => valuesOfKind(kind, flags, line)));
  return lists.flat();
}

async function valuesOfKind(kind: string, flags: string, line: Line): Promise<readonly string[]> {
  if (kind === "FILE") return [":files"];
  if (kind === "DIR") return [":folders"];
  if (kind === "SPEC") return [...experiments(), ":files"];
  if (kind === "NAME" && flags.includes("--experiment")) return experiments();
  return kind === "STUDY" ? await studyIds(line) : [];
}

function experiments(): string[] {
  return experimentNames().map((name) => `${name}\texperiment`);
}

/** Returns the ids of the studies that the command would find; none if it would find no studies. */
async function studyIds({ earlier, context }: Line): Promise<readonly string[]> {
  const given = (flag: string): string | undefined =>
    earlier.includes(flag) ? earlier[earlier.lastIndexOf(flag) + 1] : undefined;
  const dir = given("--dir");
  try {
    const address = coordinatorAddress(given("--coordinator"), context.env);
    const identity = {
      caFile: given("--ca-file"),
      certFile: given("--cert-file"),
      keyFile: given("--key-file"),
      tokenFile: given("--token-file"),
    };
    const studies =
      dir === undefined
        ? await ofCoordinator(address, await coordinatorSecurity(identity, address, context.env))
        : await ofFolder(dir);
    return studies.map(({ id, name }) => `${id}\t${name}`);
  } catch {
    return []; // Ignored: a shell shows no errors while a person types.
  }
}

type Listed = readonly { readonly id: string; readonly name: string }[];

async function ofCoordinator(address: string, security: ClientSecurity): Promise<Listed> {
  const { connectAdminService } = await import("@sintonia/runtime/grpc/client");
  const { client, close } = connectAdminService(address, security);
  try {
    return await allStudies(client, { deadline: COORDINATOR_MS });
  } finally {
    close();
  }
}

async function ofFolder(dir: string): Promise<Listed> {
  const running = coordinatorOf(dir);
  if (running !== undefined) return await ofCoordinator(running, runSecurity(new RunFolder(resolve(dir)), running));
  const archive = await openArchive(new RunFolder(resolve(dir)));
  return archive === undefined ? [] : await allStudies(archive);
}
