/** The OpenAPI 3.0 description of the REST gateway, made from the services that it serves. */
import { type DescField, type DescMessage, type DescMethod, ScalarType } from "@bufbuild/protobuf";
import type { JsonValue } from "@tacit/encoding";
import type { ServiceMethod } from "../services/method.ts";
import type { ServiceRegistry } from "../services/registry.ts";
import { httpRules, VERBS } from "./routes.ts";

type Json = { [key: string]: JsonValue };

/** Fields in fields that a query string names with dots; deeper ones are left to bodies. */
const QUERY_DEPTH_MAX = 3;
const HEIGHT_PARAMETER = { $ref: "#/components/parameters/height" };
const FAILURE = { $ref: "#/components/responses/failure" };

/**
 * Every method that has an address. Where the SDK gives two methods one address, the document has
 * the first: the other answers when the first cannot read its variable.
 */
export function openApiDocument(registry: ServiceRegistry): JsonValue {
  const schemas = new Schemas();
  const paths: Record<string, Json> = {};
  const addresses = new Set<string>();
  for (const method of registry.methods) {
    for (const rule of httpRules(method.desc)) {
      if (rule.pattern.case === undefined || rule.pattern.case === "custom") continue;
      const verb = VERBS[rule.pattern.case].toLowerCase();
      const path = rule.pattern.value.replace(/\{([^}=]*)(?:=[^}]*)?\}/g, "{$1}");
      const address = `${verb} ${path.replace(/\{[^}]*\}/g, "{}")}`;
      if (addresses.has(address)) continue;
      addresses.add(address);
      const operations = paths[path] ?? {};
      paths[path] = operations;
      operations[verb] = operation(method, path, rule.body, schemas);
    }
  }
  return {
    openapi: "3.0.3",
    info: {
      title: registry.version.appName,
      version: registry.version.version,
      description:
        "Queries and transactions of this node. Numbers of 64 bits are text, bytes are base64, a missing message is null.",
    },
    servers: [{ url: "/" }],
    tags: tagsOf(registry.methods),
    paths,
    components: { schemas: schemas.all(), parameters: { height }, responses: { failure } },
  };
}

const height: Json = {
  name: "x-cosmos-block-height",
  in: "header",
  description: "Asks the state of this height; the newest if absent.",
  schema: { type: "string" },
};

const failure: Json = {
  description: "A gRPC status; its code is in the body.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: {
          code: { type: "integer" },
          message: { type: "string" },
          details: { type: "array", items: { type: "object" } },
        },
      },
    },
  },
};

function tagsOf(methods: readonly ServiceMethod[]): JsonValue {
  const names = new Set(methods.map(({ desc }) => desc.parent.typeName));
  return [...names].sort().map((name) => ({ name }));
}

function operation(
  { desc }: ServiceMethod,
  path: string,
  body: string,
  schemas: Schemas,
): JsonValue {
  const inPath = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name as string);
  const inQuery = body === "*" ? [] : queryParameters(desc, new Set(inPath), schemas);
  return {
    tags: [desc.parent.typeName],
    operationId: `${desc.parent.typeName}.${desc.name}`,
    summary: desc.name,
    parameters: [
      ...inPath.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
      ...inQuery,
      HEIGHT_PARAMETER,
    ],
    ...(body === "" ? {} : { requestBody: jsonContent(schemas.of(desc.input), {}) }),
    responses: {
      "200": jsonContent(schemas.of(desc.output), { description: "The answer." }),
      default: FAILURE,
    },
  };
}

function jsonContent(schema: JsonValue, more: Json): Json {
  return { ...more, content: { "application/json": { schema } } };
}

function queryParameters(
  { input }: DescMethod,
  taken: ReadonlySet<string>,
  schemas: Schemas,
): Json[] {
  const parameters: Json[] = [];
  const visit = (schema: DescMessage, prefix: string, depth: number) => {
    for (const field of schema.fields) {
      const name = prefix + field.name;
      if (taken.has(name)) continue;
      const isText = field.fieldKind === "message" && wellKnown(field.message) !== undefined;
      if (field.fieldKind === "message" && !isText) {
        if (depth < QUERY_DEPTH_MAX) visit(field.message, `${name}.`, depth + 1);
        continue;
      }
      const isUnfit =
        field.fieldKind === "map" || (field.fieldKind === "list" && field.listKind === "message");
      if (!isUnfit) parameters.push({ name, in: "query", schema: fieldSchema(field, schemas) });
    }
  };
  visit(input, "", 1);
  return parameters;
}

/** Components of the messages that were asked for, and of those inside them. */
class Schemas {
  readonly #found = new Map<string, Json>();

  of(message: DescMessage): JsonValue {
    const known = wellKnown(message);
    if (known !== undefined) return known;
    const name = message.typeName;
    if (!this.#found.has(name)) {
      const properties: Json = {};
      // Before its fields, since messages may hold themselves.
      this.#found.set(name, { type: "object", properties });
      for (const field of message.fields) properties[field.name] = fieldSchema(field, this);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  all(): JsonValue {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Messages whose JSON is not an object with their fields. */
function wellKnown(message: DescMessage): Json | undefined {
  switch (message.typeName) {
    case "google.protobuf.Any":
      return {
        type: "object",
        properties: { "@type": { type: "string" } },
        additionalProperties: true,
      };
    case "google.protobuf.Timestamp":
      return { type: "string", format: "date-time" };
    case "google.protobuf.Duration":
      return { type: "string", example: "90s" };
  }
  return undefined;
}

function fieldSchema(field: DescField, schemas: Schemas): JsonValue {
  switch (field.fieldKind) {
    case "message":
      return schemas.of(field.message);
    case "enum":
      return enumSchema(field.enum.values);
    case "scalar":
      return scalarSchema(field.scalar);
    case "map":
      return {
        type: "object",
        additionalProperties:
          field.mapKind === "message"
            ? schemas.of(field.message)
            : field.mapKind === "enum"
              ? enumSchema(field.enum.values)
              : scalarSchema(field.scalar),
      };
    case "list":
      return {
        type: "array",
        items:
          field.listKind === "message"
            ? schemas.of(field.message)
            : field.listKind === "enum"
              ? enumSchema(field.enum.values)
              : scalarSchema(field.scalar),
      };
  }
}

const enumSchema = (values: readonly { readonly name: string }[]): Json => ({
  type: "string",
  enum: values.map(({ name }) => name),
});

function scalarSchema(type: ScalarType): Json {
  switch (type) {
    case ScalarType.BOOL:
      return { type: "boolean" };
    case ScalarType.BYTES:
      return { type: "string", format: "byte" };
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return { type: "integer" };
    case ScalarType.INT64:
      return { type: "string", format: "int64" };
    case ScalarType.UINT64:
      return { type: "string", format: "uint64" };
    default:
      return { type: "string" };
  }
}
