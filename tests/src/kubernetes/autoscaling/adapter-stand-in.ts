// A stand-in for prometheus-adapter, which serves a metric of Prometheus as an external metric. It
// knows one rule, and of the API what an autoscaler calls: the resources, and the values of a
// metric.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { PAIRS } from "@sintonia/runtime/grpc/security/certificates.fixture";
import { parse } from "yaml";
import type { PrometheusServer } from "../../monitoring/prometheus-server.js";

const GROUP_VERSION = "external.metrics.k8s.io/v1beta1";
const VALUES_PATH = /^\/apis\/external\.metrics\.k8s\.io\/v1beta1\/namespaces\/([^/]+)\/([^/?]+)/;

/** A rule in the configuration of prometheus-adapter. */
interface Rule {
  /** Selector whose name is that of the metric. */
  readonly seriesQuery: string;
  /** Expression with the places `<<.Series>>` and `<<.LabelMatchers>>`. */
  readonly metricsQuery: string;
}

/** Returns the rule of the first values for prometheus-adapter in a document. */
export function documentedRule(file: string): Rule {
  const [, values] =
    /```yaml\n# Values of the chart prometheus-adapter\n([^`]+)```/.exec(readFileSync(file, "utf8")) ?? [];
  const document = parse(values ?? "") as { rules: { external: [Rule] } } | null;
  if (document === null) throw new Error(`${file} has no values for prometheus-adapter`);
  return document.rules.external[0];
}

/** A server of external metrics on a free port of localhost. The caller ends it. */
export class AdapterStandIn {
  readonly #server: Server;
  readonly #rule: Rule;
  readonly #prometheus: PrometheusServer;

  private constructor(rule: Rule, prometheus: PrometheusServer) {
    this.#rule = rule;
    this.#prometheus = prometheus;
    const { certificate: cert, key } = PAIRS.server;
    this.#server = createServer({ cert, key }, async ({ url = "" }, response) => {
      const { code, body } = await this.#answer(url).catch((error: Error) => failure(500, error.message));
      response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  }

  static async start(rule: Rule, prometheus: PrometheusServer): Promise<AdapterStandIn> {
    const adapter = new AdapterStandIn(rule, prometheus);
    await new Promise<void>((resolve) => adapter.#server.listen(0, "localhost", resolve));
    return adapter;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(url: string): Promise<{ readonly code: number; readonly body: object }> {
    if (url.split("?")[0] === `/apis/${GROUP_VERSION}`) return { code: 200, body: this.#resources() };
    const [, namespace = "", metric = ""] = VALUES_PATH.exec(url) ?? [];
    if (metric !== this.#metric) return failure(404, `there is no ${url}`);
    return { code: 200, body: await this.#values(namespace) };
  }

  get #metric(): string {
    return this.#rule.seriesQuery.replace(/\{.*/, "");
  }

  #resources(): object {
    const resource = { name: this.#metric, namespaced: true, kind: "ExternalMetricValueList", verbs: ["get"] };
    return { kind: "APIResourceList", apiVersion: "v1", groupVersion: GROUP_VERSION, resources: [resource] };
  }

  async #values(namespace: string): Promise<object> {
    const matchers = `namespace="${namespace}"`;
    const query = this.#rule.metricsQuery
      .replaceAll("<<.Series>>", this.#metric)
      .replaceAll("<<.LabelMatchers>>", matchers);
    const items = (await this.#prometheus.query(query)).map(({ metric, value }) => ({
      metricName: this.#metric,
      metricLabels: metric,
      timestamp: new Date().toISOString(),
      value: String(value),
    }));
    return { kind: "ExternalMetricValueList", apiVersion: GROUP_VERSION, metadata: {}, items };
  }
}

function failure(code: number, message: string): { readonly code: number; readonly body: object } {
  return { code, body: { kind: "Status", apiVersion: "v1", status: "Failure", code, message } };
}
