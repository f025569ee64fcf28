// Who calls the coordinator. The edge establishes the caller once; everything behind it reads the
// value.

/** The roles. An operator may do everything, a viewer reads, a trainer works under its leases. */
export const ROLES = ["operator", "viewer", "trainer"] as const;

/** What a caller may do. */
export type Role = (typeof ROLES)[number];

/** An authenticated caller. */
export interface Caller {
  /** Name of the token or of the certificate's subject. */
  readonly name: string;
  readonly role: Role;
}

/**
 * The form of names of callers: a trainer's name, or its beginning and an asterisk. Without spaces
 * and colons, which separate the columns of files.
 */
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}\*?|\*)$/;

/** The accepted names of callers, as the end of the sentence "must be …". */
export const CALLER_NAME_FORM = "1 to 100 letters, digits, dots, dashes or underscores, at the end perhaps *";

/** Returns true if a text is a name of a caller. */
export function isCallerName(text: string): boolean {
  return NAME.test(text);
}

/** Returns true if a text is a role. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** The part that a trainer's process appends to its name: a dash and random digits. */
const SUFFIX = /^-[0-9a-f]{6}$/;

/**
 * Returns true if a caller may act as a trainer. An operator may act as any. The caller `gpu-1` may
 * act as the trainers `gpu-1` and `gpu-1-` with six hexadecimal digits, which one name has after
 * each start; the caller `gpu-*` may act as every trainer whose id starts with `gpu-`.
 */
export function mayActAs({ name, role }: Caller, trainerId: string): boolean {
  if (role === "operator") return true;
  if (role !== "trainer") return false;
  if (name.endsWith("*")) return trainerId.startsWith(name.slice(0, -1));
  return trainerId === name || (trainerId.startsWith(name) && SUFFIX.test(trainerId.slice(name.length)));
}
