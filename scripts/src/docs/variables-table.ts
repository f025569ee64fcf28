import { fileVariable, type Variable } from "@sintonia/runtime/config";

/** Returns a table of configuration variables: name, default, accepted values, meaning. */
export function variablesTable(variables: Readonly<Record<string, Variable>>): string {
  const rows = Object.values(variables).map(({ name, default: value, accepts, doc, secret }) => {
    const shown = value === undefined ? "unset" : `\`${value}\``;
    const names = secret ? [name, fileVariable({ name })] : [name];
    return `| ${names.map((each) => `\`${each}\``).join(", ")} | ${shown} | ${accepts} | ${sentence(doc)} |`;
  });
  return ["| variable | default | accepts | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** Writes a line of a config as a sentence. */
function sentence(doc: string): string {
  const capital = `${doc.charAt(0).toUpperCase()}${doc.slice(1)}`;
  return capital.endsWith(".") ? capital : `${capital}.`;
}
