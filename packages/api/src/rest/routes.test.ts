import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { methodPath, type ServiceMethod } from "../services/method.ts";
import { createNetworkTypes, networkQueryServices } from "../services/network.ts";
import { StatusError } from "../services/status.ts";
import { readRequest } from "./request.ts";
import { httpRules, RouteTable } from "./routes.ts";
import { matchTemplate, parseTemplate } from "./template.ts";
import { parseUrl } from "./url.ts";

const methods: ServiceMethod[] = networkQueryServices.flatMap((service) =>
  service.methods.map((desc) => ({
    path: methodPath(desc),
    desc,
    isLocal: false,
    call: () => Promise.reject(new StatusError(12, "")),
  })),
);
const table = new RouteTable(methods);
const types = createNetworkTypes();

function found(path: string): string[] {
  return table.match("GET", parseUrl(path)?.parts ?? []).map((match) => match.route.method.path);
}

describe("path templates", () => {
  it.each([
    ["/a/{b}", "/a/1", [["b", "1"]]],
    ["/a/{b}/c", "/a/1/c", [["b", "1"]]],
    ["/a/{b.c=*}", "/a/1", [["b.c", "1"]]],
    ["/a/{b=**}", "/a/1/2/3", [["b", "1/2/3"]]],
    ["/a/{b=c/*}", "/a/c/2", [["b", "c/2"]]],
    [
      "/a/{b}/{c}",
      "/a/1/2",
      [
        ["b", "1"],
        ["c", "2"],
      ],
    ],
  ] as [string, string, [string, string][]][])("%s fits %s", (template, path, variables) => {
    const match = matchTemplate(parseTemplate(template), path.split("/").slice(1));
    expect(match?.map(({ path: name, value }) => [name.join("."), value])).toEqual(variables);
  });

  it.each([
    ["/a/{b}", "/a"],
    ["/a/{b}", "/a/1/2"],
    ["/a/{b}", "/x/1"],
    ["/a/{b=c/*}", "/a/d/2"],
  ])("%s does not fit %s", (template, path) => {
    expect(matchTemplate(parseTemplate(template), path.split("/").slice(1))).toBeUndefined();
  });
});

describe("routes", () => {
  it("has each annotated method of the network at its own address", () => {
    for (const method of methods) {
      for (const rule of httpRules(method.desc)) {
        const path = (rule.pattern.value as string).replace(/\{[^}]*\}/g, "x");
        expect(found(path), path).toContain(method.path);
      }
    }
  });

  it.each([
    ["/cosmos/bank/v1beta1/balances/a/by_denom?denom=x", "/cosmos.bank.v1beta1.Query/Balance"],
    ["/cosmos/bank/v1beta1/denoms_metadata/ibc%2FABC", "/cosmos.bank.v1beta1.Query/DenomMetadata"],
    ["/compute/v1beta1/codes", "/secret.compute.v1beta1.Query/Codes"],
    ["//compute/v1beta1/codes/", "/secret.compute.v1beta1.Query/Codes"],
  ])("%s leads to %s", (path, method) => {
    expect(found(path)).toEqual([method]);
  });
});

describe("requests", () => {
  const read = (path: string) => {
    const url = parseUrl(path);
    const [match] = table.match("GET", url?.parts ?? []);
    if (match === undefined || url === undefined) return expect.unreachable(path);
    return readRequest(match, url.query, "", types);
  };

  it.each(["AB+/", "AB%2B%2F", "AB-_"])("reads the base64 %s in a query string", (text) => {
    const request = read(`/compute/v1beta1/query/secret1x?query=${text}`);
    expect(request).toMatchObject({
      contractAddress: "secret1x",
      query: Uint8Array.from(Buffer.from("AB+/", "base64")),
    });
  });

  it("reads dotted names, camel case, lists, and a slash in a path variable", () => {
    expect(read("/cosmos/bank/v1beta1/balances/a?pagination.countTotal=true&resolve_denom=1"))
      .toBeDefined;
    expect(
      read("/cosmos/bank/v1beta1/send_enabled?denoms=a&denoms=b&pagination.limit=3"),
    ).toMatchObject({ denoms: ["a", "b"], pagination: { limit: 3n } });
    expect(read("/compute/v1beta1/contract_address/my%2Flabel%20+1")).toMatchObject({
      label: "my/label +1",
    });
  });

  it.each([
    "/compute/v1beta1/contracts/18446744073709551616",
    "/compute/v1beta1/contracts/-1",
    "/compute/v1beta1/query/a?query=%21",
    "/cosmos/bank/v1beta1/balances/a?pagination.limit=x",
    "/cosmos/staking/v1beta1/historical_info/1.5",
  ])("refuses %s as invalid", (path) => {
    expect(() => read(path)).toThrow(StatusError);
  });

  it("throws nothing untyped, whatever the URL", () => {
    const names = fc.constantFrom(
      "pagination",
      "pagination.key",
      "query",
      "denoms",
      "__proto__",
      "x",
    );
    const pairs = fc.array(fc.tuple(names, fc.string()), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...methods), pairs, fc.string(), (method, query, variable) => {
        for (const rule of httpRules(method.desc)) {
          const path = (rule.pattern.value as string).replace(
            /\{[^}]*\}/g,
            encodeURIComponent(variable.toWellFormed()) || "x",
          );
          const [match] = table.match("GET", parseUrl(path)?.parts ?? []);
          if (match === undefined) continue;
          try {
            readRequest(match, query, "", types);
          } catch (error) {
            if (!(error instanceof StatusError)) throw error;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("does not take a URL with a broken escape", () => {
    expect(parseUrl("/a/%zz")).toBeUndefined();
  });
});
