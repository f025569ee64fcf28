import { Role } from "@sintonia/proto/sintonia/v1/admin";
import type { Fault } from "../api/answer.js";
import { signIn, signOut, tokenOf } from "../api/session.js";
import { noteFault, type Page } from "../store/page.js";

/** Starts a session with a token. Returns the refusal, if there is one. */
export async function startSession(page: Page, token: string): Promise<Fault | undefined> {
  const answer = await signIn(fetchOf, token);
  if (!answer.ok) return answer.fault;
  page.isSignedOut.value = false;
  await readCaller(page);
  return undefined;
}

/** Ends the session, and asks for a token. Returns the refusal, if there is one. */
export async function endSession(page: Page): Promise<Fault | undefined> {
  const answer = await signOut(fetchOf);
  if (!answer.ok) return answer.fault;
  page.caller.value = undefined;
  page.isSignedOut.value = true;
  return undefined;
}

/** Takes the token from the address, so that neither the history nor a bookmark keeps it. */
export function takeToken(): string | undefined {
  const token = tokenOf(location.hash);
  if (token !== undefined) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

/** Reads who the coordinator takes the reader for. */
export async function readCaller(page: Page): Promise<void> {
  const answer = await page.client.caller();
  if (answer.ok) page.caller.value = { name: answer.value.name, isOperator: answer.value.role === Role.OPERATOR };
  else noteFault(page, answer.fault);
}

function fetchOf(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}
