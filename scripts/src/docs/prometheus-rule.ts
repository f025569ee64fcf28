/**
 * Returns the alert rules as an object of the Prometheus operator.
 *
 * @param rules - a file of rules as Prometheus reads it
 */
export function prometheusRule(rules: string): string {
  const groups = rules.slice(rules.indexOf("groups:\n"));
  const spec = groups.replaceAll(/^(?=.)/gm, "  ");
  return `# ../alerts.yaml, written by \`npm run docs\`.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: sintonia
  labels:
    app.kubernetes.io/part-of: sintonia
spec:
${spec}`;
}
