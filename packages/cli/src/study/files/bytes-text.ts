const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** Returns the text of a number of bytes with one decimal: "512 bytes", "3.1 MB". */
export function bytesText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}
