// The files of the page, read at the start. Every other path is one of the page's own.

import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { UserError } from "@sintonia/runtime/errors";
import sirv from "sirv";

/** Files whose names change with their content. */
const HASHED = "/assets/";

/** Answers a request for a file. */
export type SendFile = (request: IncomingMessage, response: ServerResponse, onMissing: () => void) => void;

/**
 * Returns the handler of the files in a folder. A path without a dot that names no file has
 * index.html, whose router knows the path.
 *
 * @throws {UserError} if the page is not in the folder
 */
export function staticFiles(folder: string): SendFile {
  if (!existsSync(join(folder, "index.html"))) {
    throw new UserError(
      `the page is not built: ${folder} has no index.html; run "npm run build", or set no SINTONIA_PAGE_ADDRESS`,
    );
  }
  const setHeaders = (response: ServerResponse, path: string): void => {
    const cacheControl = path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache";
    response.setHeader("Cache-Control", cacheControl);
  };
  const send = sirv(folder, { gzip: true, brotli: true, single: true, setHeaders });
  return (request, response, onMissing) => {
    // No file is so large that a browser reads it in parts.
    delete request.headers.range;
    closeFiles(response);
    send(request, response, onMissing);
  };
}

/**
 * Closes a file with the connection that reads it. A file that has gone since the start ends the
 * connection: without a listener, the error would end the process.
 */
function closeFiles(response: ServerResponse): void {
  response.once("pipe", (file: NodeJS.ReadableStream & { destroy(): void }) => {
    file.once("error", () => response.destroy());
    response.once("close", () => file.destroy());
  });
}
