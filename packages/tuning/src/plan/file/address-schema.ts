import { z } from "zod";
import { ADDRESS_FORMS, parseAddress } from "./file-address.js";

const EXPECTED = `an address without a login: ${ADDRESS_FORMS}`;

/** Schema of the address of a file. */
export const addressSchema = z.string(EXPECTED).refine((given) => parseAddress(given) !== undefined, EXPECTED);

/** Schema of a text that a pattern accepts, or of an address, with or without a checksum. */
export function textOrAddress(pattern: RegExp, what: string) {
  const expected = `${what}, or an address without a login: ${ADDRESS_FORMS}`;
  return z
    .string(expected)
    .refine((given) => (pattern.test(given) ? !/\p{Surrogate}/u.test(given) : isValid(given)), expected)
    .meta({ pattern: `${pattern.source}|^(https|s3|file)://` });
}

function isValid(given: string): boolean {
  return parseAddress(given) !== undefined;
}
