import { describe, expect, it } from "vitest";
import { methodPath, type ServiceMethod } from "../services/method.ts";
import { createNetworkTypes, networkQueryServices } from "../services/network.ts";
import type { ServiceRegistry } from "../services/registry.ts";
import { StatusError } from "../services/status.ts";
import { openApiDocument } from "./openapi.ts";
import { httpRules } from "./routes.ts";

const methods: ServiceMethod[] = networkQueryServices.flatMap((service) =>
  service.methods.map((desc) => ({
    path: methodPath(desc),
    desc,
    isLocal: false,
    call: () => Promise.reject(new StatusError(12, "")),
  })),
);
const registry: ServiceRegistry = {
  services: networkQueryServices,
  methods,
  types: createNetworkTypes(),
  version: {
    name: "tacit",
    appName: "tacit",
    version: "1.2.3",
    gitCommit: "",
    cosmosSdkVersion: "v0.50.14",
    cometBftVersion: "0.38.23",
  },
  method: () => undefined,
};

// biome-ignore lint/suspicious/noExplicitAny: a document of many shapes, judged by the test
const document = openApiDocument(registry) as any;

describe("the description of REST", () => {
  it("has every annotated method, but the second of two that share an address", () => {
    const described = new Set(
      Object.values(document.paths).flatMap((operations) =>
        Object.values(operations as Record<string, { operationId: string }>).map(
          ({ operationId }) => operationId,
        ),
      ),
    );
    const missing = methods
      .filter(({ desc }) => httpRules(desc).length > 0)
      .map(({ desc }) => `${desc.parent.typeName}.${desc.name}`)
      .filter((name) => !described.has(name));
    expect(missing).toEqual(["cosmos.auth.v1beta1.Query.AddressStringToBytes"]);
  });

  it("points at nothing that it does not have", () => {
    const references = new Set(JSON.stringify(document).match(/"#\/[^"]*"/g));
    expect(references.size).toBeGreaterThan(100);
    for (const reference of references) {
      const path = (JSON.parse(reference) as string).split("/").slice(1);
      const found = path.reduce((at, name) => at?.[name], document);
      expect(found, reference).toBeDefined();
    }
  });

  it("names path variables, dotted fields of pages and the height", () => {
    const operation = document.paths["/cosmos/bank/v1beta1/balances/{address}"].get;
    const parameters = operation.parameters.map(
      (parameter: { name?: string; in?: string; $ref?: string }) =>
        parameter.$ref ?? `${parameter.in} ${parameter.name}`,
    );
    expect(parameters).toEqual([
      "path address",
      "query pagination.key",
      "query pagination.offset",
      "query pagination.limit",
      "query pagination.count_total",
      "query pagination.reverse",
      "query resolve_denom",
      "#/components/parameters/height",
    ]);
  });

  it("says how numbers, bytes, enums and Any look in JSON", () => {
    const { schemas } = document.components;
    expect(schemas["cosmos.base.query.v1beta1.PageResponse"].properties).toEqual({
      next_key: { type: "string", format: "byte" },
      total: { type: "string", format: "uint64" },
    });
    const validator = schemas["cosmos.staking.v1beta1.Validator"].properties;
    expect(validator.status.enum).toContain("BOND_STATUS_BONDED");
    expect(validator.consensus_pubkey.properties["@type"]).toEqual({ type: "string" });
    expect(validator.unbonding_time.format).toBe("date-time");
  });
});
