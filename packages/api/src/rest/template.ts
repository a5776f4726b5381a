/** Path templates of google.api.http: `/v1/{name=shelves/*}/books/{id}:verb`. */
import { invariant } from "@tacit/encoding/errors";

type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "one" }
  | { readonly kind: "rest" };

interface Variable {
  /** Field names from the request message inwards. */
  readonly path: readonly string[];
  /** Segments it spans; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface PathTemplate {
  readonly segments: readonly Segment[];
  readonly variables: readonly Variable[];
  readonly verb: string;
}

export interface PathVariable {
  readonly path: readonly string[];
  readonly value: string;
}

/** Parses a template of ours; a bad one is a bug. `**` stands last, as everywhere in the SDK. */
export function parseTemplate(text: string): PathTemplate {
  const segments: Segment[] = [];
  const variables: Variable[] = [];
  const [, body, verb = ""] = /^\/(.*?)(?::([^/:{}]+))?$/.exec(text) ?? [];
  invariant(body !== undefined, `${text} is a path template`);
  for (const part of splitOutsideBraces(body)) {
    const braces = /^\{([^=}]+)(?:=([^}]+))?\}$/.exec(part);
    const inner = braces === null ? part : (braces[2] ?? "*");
    const from = segments.length;
    for (const piece of inner.split("/")) segments.push(segmentOf(piece));
    if (braces !== null) {
      const path = (braces[1] as string).split(".");
      variables.push({ path, from, to: segments.length });
    }
  }
  return { segments, variables, verb };
}

function segmentOf(piece: string): Segment {
  if (piece === "*") return { kind: "one" };
  if (piece === "**") return { kind: "rest" };
  return { kind: "literal", text: piece };
}

function splitOutsideBraces(text: string): string[] {
  return text.match(/(?:\{[^}]*\}|[^/{}])+/g) ?? [];
}

/**
 * @param parts decoded path segments.
 * @returns the variables' values, or undefined if the path is another.
 */
export function matchTemplate(
  template: PathTemplate,
  parts: readonly string[],
): readonly PathVariable[] | undefined {
  const { segments } = template;
  const open = segments.at(-1)?.kind === "rest";
  if (open ? parts.length < segments.length - 1 : parts.length !== segments.length) return;
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] as Segment;
    if (segment.kind === "literal" && segment.text !== parts[index]) return;
  }
  return template.variables.map(({ path, from, to }) => {
    const end = open && to === segments.length ? parts.length : to;
    return { path, value: parts.slice(from, end).join("/") };
  });
}
