/** The page that shows and tries every REST address: Swagger UI over the node's own description. */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ServiceRegistry } from "../services/registry.ts";
import { openApiDocument } from "./openapi.ts";

/** Files of `swagger-ui-dist` that the page uses, by their types. Nothing else of it is served. */
const FILES: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
  "favicon-32x32.png": "image/png",
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>REST of this node</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  docExpansion: "none",
  filter: true,
  validatorUrl: null,
});
`;

/** The page may load what this server serves; styles and icons of the library are inline. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

interface Resource {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** @returns a handler that answers addresses below `/swagger` and says whether it did. */
export function swaggerHandler(
  registry: ServiceRegistry,
): (parts: readonly string[], request: IncomingMessage, response: ServerResponse) => boolean {
  const found = new Map<string, Resource>();
  const resource = (name: string): Resource | undefined => {
    let known = found.get(name);
    if (known === undefined) {
      known = load(name, registry);
      if (known !== undefined) found.set(name, known);
    }
    return known;
  };
  return (parts, request, response) => {
    if (parts[0] !== "swagger" || (request.method !== "GET" && request.method !== "HEAD")) {
      return false;
    }
    if (parts.length === 1 && !(request.url ?? "").split("?")[0]?.endsWith("/")) {
      response.writeHead(301, { location: "/swagger/" }).end();
      return true;
    }
    const answer = resource(parts.slice(1).join("/"));
    if (answer === undefined) return false;
    response.writeHead(200, {
      "content-type": answer.type,
      "content-length": answer.bytes.length,
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
    });
    response.end(request.method === "HEAD" ? undefined : answer.bytes);
    return true;
  };
}

function load(name: string, registry: ServiceRegistry): Resource | undefined {
  const text = (type: string, content: string) => ({ type, bytes: Buffer.from(content) });
  switch (name) {
    case "":
    case "index.html":
      return text("text/html; charset=utf-8", PAGE);
    case "start.js":
      return text("text/javascript", START);
    case "openapi.json":
    // Where the SDK has its description; JSON is YAML too.
    case "swagger.yaml":
      return text("application/json", JSON.stringify(openApiDocument(registry)));
  }
  const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  return type === undefined ? undefined : { type, bytes: readFileSync(join(library(), name)) };
}

function library(): string {
  return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
}
