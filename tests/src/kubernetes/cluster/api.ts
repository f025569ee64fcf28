// The API of Kubernetes over HTTPS, as far as the tests need it.

import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** An object of the API. */
export interface ApiObject {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
}

/** Receives the state of a collection. */
export interface Watcher<T extends ApiObject> {
  /** Called for each object at first, and for each new state. */
  changed(object: T): void;
  gone(object: T): void;
}

/** An answer of the API that is an error. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Collection<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/** Pause in ms before a broken watch starts again. */
const WATCH_PAUSE_MS = 200;

/** A client of one API server. */
export class KubernetesApi {
  readonly #url: string;
  readonly #token: string;
  readonly #authorityFile: string;
  #agent: Agent | undefined;

  /** @param authorityFile - certificates that sign the server's; may appear after this call */
  constructor({ url, token, authorityFile }: { url: string; token: string; authorityFile: string }) {
    this.#url = url;
    this.#token = token;
    this.#authorityFile = authorityFile;
  }

  async isReady(): Promise<boolean> {
    return await this.#send("GET", "/readyz").then(
      () => true,
      () => false,
    );
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.get(path);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  async get<T = ApiObject>(path: string): Promise<T> {
    return JSON.parse(await this.#send("GET", path)) as T;
  }

  async list<T extends ApiObject>(path: string): Promise<readonly T[]> {
    return (await this.get<Collection<T>>(path)).items;
  }

  /** @returns what the server made */
  async create<T = ApiObject>(path: string, body: object): Promise<T> {
    return JSON.parse(await this.#send("POST", path, body)) as T;
  }

  /** Changes the fields of an object that `body` has. Lists are merged by their keys. */
  async patch(path: string, body: object, form = "strategic-merge-patch"): Promise<void> {
    await this.#send("PATCH", path, body, `application/${form}+json`);
  }

  /** Deletes an object without grace. Nothing happens if it is gone, or another has its name. */
  async remove(path: string, uid: string | undefined): Promise<void> {
    try {
      await this.#send("DELETE", path, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error;
    }
  }

  /** Follows a collection until the signal. Reads it whole again after a fault. */
  async watch<T extends ApiObject>(path: string, watcher: Watcher<T>, signal: AbortSignal): Promise<void> {
    const known = new Map<string, T>();
    while (!signal.aborted) {
      try {
        const { metadata, items } = await this.get<Collection<T>>(path);
        reconcile(known, items, watcher);
        await this.#follow(`${path}?watch=1&resourceVersion=${metadata.resourceVersion}`, { known, watcher, signal });
      } catch {
        // Ignored: the next pass reads the whole collection.
      }
      await delay(WATCH_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #follow<T extends ApiObject>(
    path: string,
    { known, watcher, signal }: { known: Map<string, T>; watcher: Watcher<T>; signal: AbortSignal },
  ): Promise<void> {
    const response = await this.#open("GET", path, undefined, { signal });
    for await (const line of createInterface(response)) {
      const { type, object } = JSON.parse(line) as { type: string; object: T };
      if (type === "ERROR") return;
      if (type === "DELETED") {
        known.delete(keyOf(object));
        watcher.gone(object);
      } else {
        known.set(keyOf(object), object);
        watcher.changed(object);
      }
    }
  }

  async #send(method: string, path: string, body?: object, contentType = "application/json"): Promise<string> {
    const response = await this.#open(method, path, body, { contentType });
    response.setEncoding("utf8");
    let text = "";
    for await (const chunk of response) text += chunk;
    const status = response.statusCode ?? 0;
    if (status >= 400) throw new ApiError(status, `${method} ${path}: ${status} ${text}`);
    return text;
  }

  #open(
    method: string,
    path: string,
    body: object | undefined,
    { contentType = "application/json", signal }: { contentType?: string; signal?: AbortSignal },
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      this.#agent ??= new Agent({ ca: readFileSync(this.#authorityFile), keepAlive: false });
      const text = body === undefined ? "" : JSON.stringify(body);
      // Node sends no length by itself with DELETE, and the server then reads no body.
      const length = { "content-length": Buffer.byteLength(text) };
      const headers = { authorization: `Bearer ${this.#token}`, "content-type": contentType, ...length };
      const options = { method, agent: this.#agent, headers, ...(signal === undefined ? {} : { signal }) };
      const sent = request(`${this.#url}${path}`, options, resolve);
      sent.once("error", reject);
      sent.end(text);
    });
  }
}

function reconcile<T extends ApiObject>(known: Map<string, T>, items: readonly T[], watcher: Watcher<T>): void {
  const present = new Map(items.map((item) => [keyOf(item), item]));
  for (const [key, object] of known) {
    if (present.has(key)) continue;
    known.delete(key);
    watcher.gone(object);
  }
  for (const [key, item] of present) {
    known.set(key, item);
    watcher.changed(item);
  }
}

function keyOf({ metadata }: ApiObject): string {
  return String(metadata.uid);
}
