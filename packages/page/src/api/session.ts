import type { Answer } from "./answer.js";
import { answerOf, type Fetch, jsonPost } from "./http-transport.js";

/** Sends a token, so that the server sets the cookie of a session. */
export function signIn(fetch: Fetch, token: string): Promise<Answer<unknown>> {
  return answerOf(fetch, "/session", jsonPost({ token }));
}

/** Ends the session. */
export function signOut(fetch: Fetch): Promise<Answer<unknown>> {
  return answerOf(fetch, "/session", { method: "DELETE", headers: { "content-type": "application/json" } });
}

/** Returns the token of an address such as https://host/#token=abc; undefined if there is none. */
export function tokenOf(fragment: string): string | undefined {
  return /^#token=(.+)$/.exec(fragment)?.[1];
}
