/** Request messages from paths, query strings and bodies. */
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { fromClientJson, type JsonValue, parseJson, type Types } from "@tacit/encoding";
import { PARAMETER_DEPTH_MAX, PARAMETERS_MAX } from "../limits.ts";
import { codes, StatusError, toStatusError } from "../services/status.ts";
import type { RouteMatch } from "./routes.ts";

type MutableJson = { [key: string]: JsonValue };

/**
 * @param query decoded pairs in their order. Those that name no field are passed over.
 * @throws {StatusError} InvalidArgument
 */
export function readRequest(
  match: RouteMatch,
  query: Iterable<readonly [string, string]>,
  body: string,
  types: Types,
): Message {
  const { route, variables } = match;
  const schema = route.method.desc.input;
  const json = readBody(route.body, body);
  if (route.body !== "*") {
    let count = 0;
    for (const [name, value] of query) {
      count += 1;
      if (count > PARAMETERS_MAX) {
        throw new StatusError(codes.invalidArgument, `more than ${PARAMETERS_MAX} parameters`);
      }
      assign(schema, json, name.split(".", PARAMETER_DEPTH_MAX + 1), value);
    }
  }
  for (const { path, value } of variables) {
    const known = assign(schema, json, path, value);
    if (!known) throw new StatusError(codes.internal, `no field ${path.join(".")}`);
  }
  try {
    return fromClientJson(schema, json, { types });
  } catch (error) {
    throw toStatusError(error);
  }
}

function readBody(field: string, body: string): MutableJson {
  if (field === "" || body.trim() === "") return {};
  let json: JsonValue;
  try {
    json = parseJson(body);
  } catch (error) {
    throw toStatusError(error);
  }
  if (field !== "*") return { [field]: json };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new StatusError(codes.invalidArgument, "request body is no object");
  }
  return { ...(json as MutableJson) };
}

/** Puts one text value at a field path. @returns whether there is such a field. */
function assign(
  schema: DescMessage,
  json: MutableJson,
  path: readonly string[],
  value: string,
): boolean {
  if (path.length > PARAMETER_DEPTH_MAX) return false;
  const [name, ...rest] = path as [string, ...string[]];
  const field = schema.fields.find((item) => item.name === name || item.jsonName === name);
  if (field === undefined) return false;
  if (rest.length > 0) {
    if (field.fieldKind !== "message") return false;
    const inner = { ...((json[field.name] as MutableJson | undefined) ?? {}) };
    if (!assign(field.message, inner, rest, value)) return false;
    json[field.name] = inner;
    return true;
  }
  return assignLeaf(field, json, value);
}

function assignLeaf(field: DescField, json: MutableJson, value: string): boolean {
  if (field.fieldKind === "map") return false;
  if (field.fieldKind === "message" && !isTextMessage(field.message)) return false;
  if (field.fieldKind === "list" && field.listKind === "message") return false;
  if (field.fieldKind === "list") {
    json[field.name] = [...((json[field.name] as readonly JsonValue[] | undefined) ?? []), value];
  } else {
    json[field.name] = value;
  }
  return true;
}

/** Messages whose JSON is a text. */
function isTextMessage(schema: DescMessage): boolean {
  return (
    schema.typeName === "google.protobuf.Timestamp" ||
    schema.typeName === "google.protobuf.Duration"
  );
}
