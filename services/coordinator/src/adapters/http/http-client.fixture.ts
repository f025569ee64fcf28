// A client of HTTP for tests. Unlike fetch, it sends any host, any origin and any path.

import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from "node:http";
import { request as requestTls } from "node:https";
import { text } from "node:stream/consumers";

/** A request to a server on this machine. */
export interface Asked extends Pick<RequestOptions, "method" | "path" | "headers"> {
  readonly body?: string;
  /** Options of TLS; none for a server without. */
  readonly tls?: { readonly ca: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** An answer. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request. Returns the answer once its headers are here. */
export async function open(port: number, { body, tls, ...options }: Asked): Promise<IncomingMessage> {
  const place = { host: "127.0.0.1", port, ...options };
  const sent = tls === undefined ? request(place) : requestTls({ ...place, ...tls, servername: "localhost" });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return answer;
}

/** Sends a request. Returns the whole answer. */
export async function ask(port: number, asked: Asked): Promise<Answered> {
  const answer = await open(port, asked);
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
}

/** An event of a stream. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Yields the events of a stream. Leaves out comments. */
export async function* eventsOf(answer: IncomingMessage): AsyncGenerator<ServerEvent> {
  let rest = "";
  for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
}
