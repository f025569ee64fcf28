// The file of bearer tokens. It has a line for each: role, name and SHA-256 of the token. A token
// has 256 random bits, so that its hash needs no salt and no slow function.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { CALLER_NAME_FORM, type Caller, isCallerName, isRole, ROLES } from "@sintonia/protocol/caller";
import { decodeUtf8 } from "../../utf8.js";

/** Upper limit of tokens: each call compares its own with all. */
const TOKENS_MAX = 1_000;

/** Beginning of every token, by which scanners of secrets find it. */
const TOKEN_PREFIX = "sintonia_";

/** The form of a token: the prefix and 32 random bytes in base64url. */
const TOKEN = /^sintonia_[A-Za-z0-9_-]{43}$/;

/** A line of the file. */
interface Entry {
  readonly caller: Caller;
  readonly sha256: Buffer;
}

/** The callers by their tokens. */
export class TokenList {
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /**
   * Parses the content of a file. Empty lines and lines that start with # have no meaning.
   *
   * @throws {Error} that names the first line that is wrong, without showing a hash
   */
  static parse(content: Buffer): TokenList {
    const decoded = decodeUtf8(content);
    if (!decoded.ok) throw new Error("the file is not UTF-8");
    const entries = decoded.text.split(/\r?\n/).flatMap((line, index) => parseLine(line.trim(), index + 1));
    if (entries.length > TOKENS_MAX) throw new Error(`the file has ${entries.length} tokens, at most ${TOKENS_MAX}`);
    return new TokenList(entries);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Returns the caller with a token. Compares with all, in constant time each. */
  callerOf(token: string): Caller | undefined {
    const sha256 = createHash("sha256").update(token).digest();
    let caller: Caller | undefined;
    for (const entry of this.#entries) if (timingSafeEqual(entry.sha256, sha256)) caller = entry.caller;
    return caller;
  }
}

function parseLine(line: string, number: number): readonly Entry[] {
  if (line === "" || line.startsWith("#")) return [];
  const [role = "", name = "", sha256 = "", ...rest] = line.split(/\s+/);
  const wrong = (what: string): Error => new Error(`line ${number}: ${what}`);
  if (!isRole(role)) throw wrong(`the first word must be ${ROLES.join(", ")}`);
  if (!isCallerName(name)) throw wrong(`the second word, a name, must be ${CALLER_NAME_FORM}`);
  if (!/^[0-9a-f]{64}$/.test(sha256) || rest.length > 0) throw wrong("the third and last word must be a SHA-256");
  return [{ caller: { name, role }, sha256: Buffer.from(sha256, "hex") }];
}

/** Makes a token and the line that lets its bearer in. */
export function createToken({ role, name }: Caller): { readonly token: string; readonly line: string } {
  const token = TOKEN_PREFIX + randomBytes(32).toString("base64url");
  return { token, line: `${role} ${name} ${createHash("sha256").update(token).digest("hex")}` };
}

/**
 * Parses the content of a file with one token, for the program that presents it.
 *
 * @throws {Error} if the content is no token, without showing it
 */
export function parseToken(content: Buffer): string {
  const token = content.toString("latin1").trim();
  if (TOKEN.test(token)) return token;
  throw new Error('the file has no token, as "sintonia token create" prints it');
}
