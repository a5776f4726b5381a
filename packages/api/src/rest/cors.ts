/** Any web page may read what is public anyway. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** How long a browser may remember the answer to a preflight, in seconds. */
const PREFLIGHT_SECONDS = 7200;

export function applyCors(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
  response.setHeader("vary", "origin");
  response.setHeader(
    "access-control-expose-headers",
    "*, grpc-status, grpc-message, x-cosmos-block-height, grpc-metadata-x-cosmos-block-height",
  );
  if (request.method !== "OPTIONS") return;
  response.setHeader("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  const asked = request.headers["access-control-request-headers"];
  response.setHeader("access-control-allow-headers", asked ?? "*");
  response.setHeader("access-control-max-age", String(PREFLIGHT_SECONDS));
}
