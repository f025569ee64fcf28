import type { IncomingMessage } from "node:http";
import { OriginFault } from "../contract/file-source.js";
import { type HttpRequest, sendRequest } from "./http-request.js";

const REDIRECTS_MAX = 5;

/** A request that follows redirects. */
export interface FollowedRequest extends Omit<HttpRequest, "method" | "body" | "refusesLocal"> {
  /** Headers that log in at the first server, which no other one gets. */
  readonly login: Readonly<Record<string, string>>;
}

/**
 * Sends a GET request over https and follows redirects to other public https addresses: a server
 * must not make a trainer talk to its own network. The first address may be a private one, for a
 * person wrote it.
 *
 * @throws {OriginFault}
 */
export async function getFollowing(request: FollowedRequest): Promise<IncomingMessage> {
  const { login, ...rest } = request;
  const { host } = request.url;
  let url = request.url;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const isFirst = url.host === host;
    const sent = isFirst ? { ...rest.headers, ...login } : rest.headers;
    const answer = await sendRequest({ ...rest, headers: sent, url, refusesLocal: !isFirst });
    const { statusCode = 0, headers } = answer;
    if (![301, 302, 303, 307, 308].includes(statusCode)) return answer;
    answer.destroy();
    url = targetOf(url, headers.location);
  }
  throw new OriginFault(`${host} redirects more than ${REDIRECTS_MAX} times`, "none");
}

function targetOf(url: URL, location: string | undefined): URL {
  const target = location === undefined || !URL.canParse(location, url.href) ? undefined : new URL(location, url);
  if (target === undefined) throw new OriginFault(`${url.host} redirects to no valid address`, "none");
  if (target.protocol !== "https:")
    throw new OriginFault(`${url.host} redirects to ${target.protocol}//${target.host}, which is not https`, "none");
  if (target.username !== "" || target.password !== "")
    throw new OriginFault(`${url.host} redirects to an address with a login`, "none");
  return target;
}
