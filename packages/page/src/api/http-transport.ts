import { type Answer, type Fault, failure, success } from "./answer.js";
import { parseJson } from "./json.js";
import { BASE, pathWith, type Transport } from "./transport.js";

/** Statuses without an error body, such as those of a proxy. */
const CODES: Readonly<Record<number, string>> = { 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND" };

/** Sends a request; the `fetch` of browsers. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Returns a transport to the coordinator that served the page. */
export function httpTransport(fetch: Fetch): Transport {
  return {
    get: (path, query) => answerOf(fetch, BASE + pathWith(path, query), { headers: { accept: "application/json" } }),
    post: (path, body) => answerOf(fetch, BASE + path, jsonPost(body)),
    address: (path, query) => BASE + pathWith(path, query),
  };
}

/** Returns the request that sends a JSON body. */
export function jsonPost(body: unknown): RequestInit {
  return {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** Sends a request and reads its answer. */
export async function answerOf(fetch: Fetch, url: string, init: RequestInit): Promise<Answer<unknown>> {
  try {
    const response = await fetch(url, { credentials: "same-origin", ...init });
    const body = await bodyOf(response);
    return response.ok ? success(body) : { ok: false, fault: faultOf(response.status, body) };
  } catch (error) {
    return failure("UNREACHABLE", String(error));
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return isJson && text !== "" ? parseJson(text) : undefined;
}

function faultOf(status: number, body: unknown): Fault {
  const error = (body as { error?: Partial<Fault> } | undefined)?.error;
  return {
    code: error?.code ?? CODES[status] ?? "UNAVAILABLE",
    message: error?.message ?? `HTTP ${status}`,
    reason: error?.reason ?? "",
    facts: error?.facts ?? {},
  };
}
