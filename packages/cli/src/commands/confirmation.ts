import { printableLine } from "../system/printable.js";
import { CommandError, UsageError } from "../system/usage-error.js";
import type { CommandContext } from "./context.js";

/**
 * Asks a person on the terminal. Returns if the answer is yes, or if `yes` says so beforehand.
 *
 * @throws {UsageError} if no terminal can answer
 * @throws {CommandError} if the answer is not yes
 */
export async function confirm(
  { stdin, stderr }: CommandContext,
  { yes = false, json = false }: { readonly yes?: boolean; readonly json?: boolean },
  question: string,
): Promise<void> {
  if (yes) return;
  if (json || !isTerminal(stdin)) {
    throw new UsageError("nobody can answer the question here; add --yes", { code: "UNCONFIRMED" });
  }
  stderr.write(`${printableLine(question)} [y/N] `);
  if (/^y(es)?$/i.test((await firstLine(stdin)).trim())) return;
  throw new CommandError("nothing was changed", { code: "UNCONFIRMED" });
}

function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}

/** Reads the first line; empty at the end of the stream. */
async function firstLine(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}
