/** The route table of the REST gateway: made from the services' HTTP annotations, not by hand. */
import { type DescMethod, getOption, hasOption } from "@bufbuild/protobuf";
import { http } from "@tacit/encoding/proto/google/api/annotations";
import type { HttpRule } from "@tacit/encoding/proto/google/api/http";
import type { ServiceMethod } from "../services/method.ts";
import { matchTemplate, type PathTemplate, type PathVariable, parseTemplate } from "./template.ts";

export interface Route {
  readonly verb: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  readonly template: PathTemplate;
  /** "" for none, "*" for the whole message, else the field that the body fills. */
  readonly body: string;
  readonly method: ServiceMethod;
}

export interface RouteMatch {
  readonly route: Route;
  readonly variables: readonly PathVariable[];
}

export class RouteTable {
  /** By verb, number of segments (or "rest"), and first two literal segments. */
  readonly #routes = new Map<string, Route[]>();
  readonly #open: Route[] = [];

  constructor(methods: readonly ServiceMethod[]) {
    for (const method of methods) {
      for (const rule of httpRules(method.desc)) {
        const route = toRoute(rule, method);
        if (route !== undefined) this.#add(route);
      }
    }
  }

  #add(route: Route): void {
    if (route.template.segments.at(-1)?.kind === "rest") {
      this.#open.push(route);
      return;
    }
    const key = `${route.verb} ${route.template.segments.length}`;
    const list = this.#routes.get(key) ?? [];
    list.push(route);
    this.#routes.set(key, list);
  }

  /**
   * All routes that fit, in the order of registration. There can be two: the SDK gives one path to
   * two methods, and the one whose variable cannot be read gives way to the other.
   */
  match(verb: string, parts: readonly string[]): RouteMatch[] {
    const found: RouteMatch[] = [];
    for (const route of this.#routes.get(`${verb} ${parts.length}`) ?? []) {
      const variables = matchTemplate(route.template, parts);
      if (variables !== undefined) found.push({ route, variables });
    }
    for (const route of this.#open) {
      if (route.verb !== verb) continue;
      const variables = matchTemplate(route.template, parts);
      if (variables !== undefined) found.push({ route, variables });
    }
    return found;
  }
}

/** A method's rule and its additional bindings. */
export function httpRules(method: DescMethod): HttpRule[] {
  if (!hasOption(method, http)) return [];
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings];
}

/** Verbs of HTTP annotations. */
export const VERBS = {
  get: "GET",
  post: "POST",
  put: "PUT",
  delete: "DELETE",
  patch: "PATCH",
} as const;

function toRoute(rule: HttpRule, method: ServiceMethod): Route | undefined {
  const { pattern } = rule;
  if (pattern.case === undefined || pattern.case === "custom") return undefined;
  return {
    verb: VERBS[pattern.case],
    template: parseTemplate(pattern.value),
    body: rule.body,
    method,
  };
}
