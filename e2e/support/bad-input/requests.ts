/** Requests that no client makes, by the hundred: REST, RPC, gRPC. The same for the same seed. */
import { httpRules } from "../../../packages/api/src/rest/routes.ts";
import { ROUTES } from "../../../packages/api/src/rpc/routes.ts";
import type { Random } from "../../../packages/app/test/bad-input/random.ts";
import { SERVICES } from "../leak/ask-services.ts";

export interface BadRestRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const VALUES = [
  "",
  "0",
  "-1",
  "1",
  "18446744073709551615",
  "18446744073709551616",
  "9".repeat(100),
  "1e9",
  "0x10",
  "NaN",
  "null",
  "true",
  "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03",
  "secret1nonsense",
  "cosmos1xyz",
  "AA==",
  "AA",
  "%%%",
  "\u0000",
  "\uffff",
  "é☃😀",
  "../../etc/passwd",
  "a/b/c",
  "<script>",
  "' OR 1=1",
  "x".repeat(5_000),
  "{}",
  "[]",
  "tx.height>0",
  "tx.height",
  "uscrt",
] as const;

const BODIES = [
  "",
  "{",
  "[]",
  "null",
  "1",
  '"text"',
  '{"txBytes":1}',
  '{"txBytes":"*"}',
  '{"txBytes":"AA==","mode":"BROADCAST_MODE_SYNC"}',
  '{"tx_bytes":"AA==","mode":99}',
  '{"mode":"BROADCAST_MODE_BLOCK"}',
  `{"a":${"[".repeat(5_000)}`,
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  '{"__proto__":{"x":1},"constructor":{}}',
  "\u0000\uffff",
  "a=b&c=d",
] as const;

const TEMPLATES = SERVICES.flatMap(({ methods }) => methods)
  .flatMap(httpRules)
  .flatMap(({ pattern }) => (typeof pattern.value === "string" ? [pattern.value] : []));

export function badRestRequest(random: Random): BadRestRequest {
  const value = () => random.pick(VALUES);
  const filled = random.pick(TEMPLATES).replaceAll(/\{[^}]*\}/g, () => encode(value()));
  const path = random.below(10) === 0 ? `/${encode(value())}/${encode(value())}` : filled;
  const fields = "pagination.limit pagination.key query events order_by page denom height a.b.c x";
  const query = Array.from(
    { length: random.below(4) },
    () => `${random.pick(fields.split(" "))}=${encode(value())}`,
  );
  const method = random.pick(["GET", "GET", "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"]);
  const hasBody = method !== "GET" && method !== "HEAD";
  const headers: Record<string, string> =
    random.below(4) === 0 ? { "x-cosmos-block-height": String(random.below(100) - 50) } : {};
  return {
    method,
    path: query.length === 0 ? path : `${path}?${query.join("&")}`,
    body: hasBody ? random.pick(BODIES) : undefined,
    headers,
  };
}

function encode(value: string): string {
  return value === "%%%" ? value : encodeURIComponent(value);
}

/** JSON-RPC bodies; most name a call that exists. */
export function badRpcBody(random: Random): string {
  if (random.below(5) === 0) return random.pick(BODIES);
  const [method, { params }] = random.pick([...ROUTES]);
  if (method === "broadcast_tx_commit") return "{}";
  const value = (): unknown =>
    random.pick([random.pick(VALUES), null, -1, 2 ** 53, 1.5, true, [], {}, [[]], { a: 1 }]);
  const request = {
    jsonrpc: random.pick(["2.0", "2.0", "2.0", "1.0", 2, null]),
    id: random.pick([1, "one", null, -5, 1.5, {}, []]),
    method: random.below(10) === 0 ? value() : method,
    params:
      random.below(5) === 0
        ? value()
        : Object.fromEntries(params.map(({ name }) => [name, value()])),
  };
  const isBatch = random.below(10) === 0;
  return JSON.stringify(isBatch ? [request, request, null, 1] : request);
}

export interface BadGrpcRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const METHOD_PATHS = SERVICES.flatMap(({ typeName, methods }) =>
  methods.map(({ name }) => `/${typeName}/${name}`),
);

export function badGrpcRequest(random: Random): BadGrpcRequest {
  const payload = random.bytes(random.below(200));
  const frame = new Uint8Array(5 + payload.length);
  frame.set(payload, 5);
  const lengths = [payload.length, payload.length + 1, 0, 2 ** 31, 2 ** 32 - 1, 30_000_000];
  new DataView(frame.buffer).setUint32(1, random.pick(lengths));
  frame[0] = random.pick([0, 0, 0, 1, 255]);
  return {
    path:
      random.below(10) === 0 ? random.pick(["/", "/a/b", "/x", "//"]) : random.pick(METHOD_PATHS),
    headers: {
      "content-type": random.pick(["application/grpc", "application/grpc+proto", "text/html", ""]),
      ...(random.below(4) === 0 && {
        "grpc-timeout": random.pick(["1n", "x", "-5S", "99999999H"]),
      }),
      ...(random.below(4) === 0 && { "grpc-encoding": random.pick(["gzip", "br", "zzz"]) }),
    },
    body: random.pick([frame, frame, frame, payload, new Uint8Array(0)]),
  };
}
