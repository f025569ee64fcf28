import { readFileSync } from "node:fs";
import { fileVariable, type Variable } from "../config.js";
import { UserError } from "../errors.js";

/** A service as its help describes it. */
export interface ServiceDescription {
  /** Name of the program. */
  readonly program: string;
  /** Purpose in one sentence. */
  readonly purpose: string;
  /** Environment variables, which configure the service. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** URL of the package.json with the version. */
  readonly packageUrl: URL;
}

const OPTIONS = {
  "-h, --help": "print this help and exit",
  "-V, --version": "print the version and exit",
  "--verbose": "print stack traces, as SINTONIA_VERBOSE=1 does",
};

/**
 * Returns the text that the arguments of a service ask for; undefined if the service is to start.
 *
 * @param args - the arguments after the program's name
 * @throws {UserError} if an argument is unknown, so that a misspelt one does not start the service
 */
export function requestedText(args: readonly string[], description: ServiceDescription): string | undefined {
  const known = Object.keys(OPTIONS).flatMap((names) => names.split(", "));
  const unknown = args.find((arg) => !known.includes(arg));
  if (unknown !== undefined) {
    throw new UserError(
      `unknown argument ${JSON.stringify(unknown)}; ${description.program} takes ${known.join(", ")} and is ` +
        "configured by environment variables, which --help lists",
    );
  }
  if (args.some((arg) => arg === "-h" || arg === "--help")) return helpText(description);
  return args.some((arg) => arg === "-V" || arg === "--version") ? versionOf(description) : undefined;
}

/** Returns the version of a service. */
export function versionOf({ packageUrl }: Pick<ServiceDescription, "packageUrl">): string {
  return (JSON.parse(readFileSync(packageUrl, "utf8")) as { version: string }).version;
}

function helpText({ program, purpose, variables }: ServiceDescription): string {
  const lines = Object.values(variables).flatMap(({ name, doc, ...variable }) => [
    `  ${name}${variable.secret ? `, or a file with it in ${fileVariable({ name })}` : ""}`,
    `      ${doc.replace(/\.$/, "")} (${valueText(variable)})`,
  ]);
  const options = Object.entries(OPTIONS).map(([names, doc]) => `  ${names.padEnd(15)}${doc}`);
  return [
    `Usage: ${program} [options]`,
    "",
    purpose,
    "",
    "Options:",
    ...options,
    "",
    "Environment variables:",
    ...lines,
  ].join("\n");
}

function valueText(variable: Pick<Variable, "accepts" | "default" | "optional">): string {
  const initial = variable.default ?? (variable.optional ? "unset" : undefined);
  return initial === undefined ? variable.accepts : `${variable.accepts}; default: ${initial}`;
}
