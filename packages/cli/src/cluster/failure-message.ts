// What a process said before it ended, found in its log.

const NATS_LINE = /^\[\d+\] \S+ \S+ \[(?<level>[A-Z]{3})\] (?<message>.*)$/;
const NATS_FAULTS = new Set(["FTL", "ERR"]);
const JSON_FAULTS = new Set(["fatal", "error"]);

/**
 * The sentence that says why a process ended: what it printed for a person, else its last fault in the log.
 *
 * @param log - what the process wrote since its start
 * @param name - its name, which a program prints before the sentence
 * @returns undefined if it said nothing of the kind
 */
export function lastWords(log: string, name: string): string | undefined {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const said = lines.filter((line) => !line.startsWith("{") && !NATS_LINE.test(line) && !/^\s/.test(line)).at(-1);
  const words = said ?? lines.map(faultOf).findLast((fault) => fault !== undefined);
  return words?.replace(new RegExp(`^(sintonia-)?(${name}|${name.replace(/-\d+$/, "")}|error): `), "");
}

function faultOf(line: string): string | undefined {
  const nats = NATS_LINE.exec(line)?.groups;
  if (nats !== undefined) return NATS_FAULTS.has(nats["level"] ?? "") ? nats["message"] : undefined;
  try {
    const { level, message, err } = JSON.parse(line) as { level: string; message: string; err?: { message: string } };
    if (!JSON_FAULTS.has(level)) return undefined;
    return err === undefined ? message : `${message}: ${err.message}`;
  } catch {
    return undefined;
  }
}
