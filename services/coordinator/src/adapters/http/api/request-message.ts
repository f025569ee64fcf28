// The message of a call from the path, the query and the body of a request.

import { messageOf } from "@sintonia/runtime/errors";
import { invalidRequest } from "../edge/http-error.js";
import type { MessageType } from "./routes.js";

type Values = Readonly<Record<string, unknown>>;

/** The parts of a request. */
export interface RequestParts {
  /** The fields in the path. */
  readonly fields: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Undefined for a request that has none. */
  readonly body: Values | undefined;
}

/**
 * Returns the encoded message. Its fields are those of the path, and those of the query or, where
 * the request has one, of the body.
 *
 * @throws {RefusedRequest} for a name that the message does not have, and for a value of another
 *   type than its field
 */
export function requestMessage(type: MessageType, { fields, query, body }: RequestParts): Uint8Array {
  const defaults = Object.fromEntries(
    Object.entries(type.create()).filter(([name]) => !Object.hasOwn(fields, name)),
  ) as Values;
  const given = body === undefined ? queryValues(defaults, query) : bodyValues(defaults, query, body);
  return encoded(type, { ...given, ...fields });
}

function queryValues(defaults: Values, query: URLSearchParams): Values {
  const scalars = Object.fromEntries(
    Object.entries(defaults).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)),
  );
  for (const name of query.keys()) {
    requireKnown(scalars, name, "query");
    if (query.getAll(name).length > 1) throw invalidRequest(`The query has the name ${name} more than once.`);
  }
  return Object.fromEntries([...query].map(([name, text]) => [name, queryValue(scalars[name], name, text)]));
}

function queryValue(fallback: unknown, name: string, text: string): unknown {
  switch (typeof fallback) {
    case "number":
      if (/^\d{1,15}$/.test(text)) return Number(text);
      throw invalidRequest(`${name}: received ${JSON.stringify(text.slice(0, 100))}, expected a whole number.`);
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw invalidRequest(`${name}: received ${JSON.stringify(text.slice(0, 100))}, expected true or false.`);
    default:
      return text;
  }
}

function bodyValues(defaults: Values, query: URLSearchParams, body: Values): Values {
  for (const name of query.keys()) requireKnown({}, name, "query");
  for (const [name, value] of Object.entries(body)) {
    requireKnown(defaults, name, "body");
    // The name of an enum's value stands for its number.
    const [expected, received] = [typeof defaults[name], typeof value];
    if (expected !== received && !(expected === "number" && received === "string"))
      throw invalidRequest(`${name}: received a value of the type ${received}, expected ${expected}.`);
  }
  return body;
}

function requireKnown(known: Values, name: string, place: "query" | "body"): void {
  if (Object.hasOwn(known, name)) return;
  const names = Object.keys(known);
  const has = names.length === 0 ? "It has no names." : `It has: ${names.join(", ")}.`;
  throw invalidRequest(`The ${place} has no name ${JSON.stringify(name.slice(0, 100))}. ${has}`);
}

function encoded(type: MessageType, values: Values): Uint8Array {
  let message: Values;
  try {
    message = type.fromJSON(values) as Values;
  } catch (error) {
    throw invalidRequest(`The request is no message of this call: ${messageOf(error)}`);
  }
  // A number that is none, and the number of an unknown name of an enum.
  const wrong = Object.entries(message).find(([, value]) => Number.isNaN(value) || value === -1);
  if (wrong !== undefined) throw invalidRequest(`${wrong[0]}: the value is not known.`);
  try {
    return type.encode(message).finish();
  } catch (error) {
    throw invalidRequest(`The request is no message of this call: ${messageOf(error)}`);
  }
}
