// The reason why a process ended, found in its log.

const NATS_LINE = /^\[\d+\] \S+ \S+ \[(?<level>[A-Z]{3})\] (?<message>.*)$/;
const NATS_ERROR_LEVELS = new Set(["FTL", "ERR"]);
const JSON_ERROR_LEVELS = new Set(["fatal", "error"]);

/**
 * Returns the sentence that says why a process ended: the last line that the process printed for a
 * person, or else the last error in its log.
 *
 * @param log - output of the process since its start
 * @param name - name of the process; its prefix of a printed line is removed
 * @returns undefined if the log contains neither
 */
export function failureMessage(log: string, name: string): string | undefined {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const printed = lines.findLast((line) => !line.startsWith("{") && !NATS_LINE.test(line) && !/^\s/.test(line));
  const message = printed ?? lines.map(loggedError).findLast((error) => error !== undefined);
  return message?.replace(new RegExp(`^(sintonia-)?(${name}|${name.replace(/-\d+$/, "")}|error): `), "");
}

function loggedError(line: string): string | undefined {
  const nats = NATS_LINE.exec(line)?.groups;
  if (nats !== undefined) return NATS_ERROR_LEVELS.has(nats["level"] ?? "") ? nats["message"] : undefined;
  try {
    const { level, message, err } = JSON.parse(line) as { level: string; message: string; err?: { message: string } };
    if (!JSON_ERROR_LEVELS.has(level)) return undefined;
    return err === undefined ? message : `${message}: ${err.message}`;
  } catch {
    return undefined;
  }
}
