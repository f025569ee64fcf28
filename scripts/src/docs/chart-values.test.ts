import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartValues } from "./chart-values.js";

const VALUES = `# Before every name.
prefix: ""
server:
  # Copies of
  # the server.
  replicas: 2
  limits: { memory: 1Gi }
# Existing ones.
secrets:
  # a | b
  key: name
`;

describe("the table of a chart's values", () => {
  it("has the path, the default and the comment of each value, and of groups with a comment", () => {
    assert.deepEqual(chartValues(VALUES).split("\n").slice(2), [
      '| `prefix` | `""` | Before every name. |',
      "| `server.replicas` | `2` | Copies of the server. |",
      '| `server.limits` | `{"memory":"1Gi"}` |  |',
      "| `secrets` |  | Existing ones. |",
      '| `secrets.key` | `"name"` | a \\| b |',
    ]);
  });
});
