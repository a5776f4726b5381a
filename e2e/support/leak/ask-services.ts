/** Everything that REST and gRPC say: every route and every method of every service. */
import { create, type DescMethodUnary, type DescService, toBinary } from "@bufbuild/protobuf";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Service as NodeService } from "@tacit/encoding/proto/cosmos/base/node/v1beta1/query";
import { ReflectionService as ReflectionV1 } from "@tacit/encoding/proto/cosmos/base/reflection/v1beta1/reflection";
import { Service as CometService } from "@tacit/encoding/proto/cosmos/base/tendermint/v1beta1/query";
import { Service as TxService } from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { httpRules } from "../../../packages/api/src/rest/routes.ts";
import { parseTemplate } from "../../../packages/api/src/rest/template.ts";
import { networkQueryServices } from "../../../packages/api/src/services/network.ts";
import { type Evidence, evidence } from "./evidence.ts";
import { requestsFor, type Samples } from "./samples.ts";

export const SERVICES: readonly DescService[] = [
  ...networkQueryServices,
  TxService,
  CometService,
  NodeService,
  ReflectionV1,
];

const UNDER_WAY_MAX = 16;

export async function askRest(base: string, samples: Samples): Promise<Evidence[]> {
  const paths = SERVICES.flatMap(({ methods }) => methods).flatMap((method) =>
    httpRules(method).flatMap(({ pattern }) =>
      pattern.case === "get" ? pathsOf(pattern.value, samples) : [],
    ),
  );
  const searches = ["tx.height>0", "message.module='compute'"].flatMap((query) =>
    [1, 2, 3, 4].map(
      (page) => `/cosmos/tx/v1beta1/txs?query=${encodeURIComponent(query)}&page=${page}&limit=50`,
    ),
  );
  return inParallel([...new Set([...paths, ...searches])], async (path) => {
    const answer = await fetch(base + path);
    return evidence(`rest ${path}`, `${JSON.stringify([...answer.headers])}${await answer.text()}`);
  });
}

/** What needs a body: simulation, decoding, broadcasting again. */
export async function postRest(base: string, txs: readonly string[]): Promise<Evidence[]> {
  const bodies = txs.flatMap((tx) => [
    ["/cosmos/tx/v1beta1/simulate", { tx_bytes: tx }],
    ["/cosmos/tx/v1beta1/decode", { tx_bytes: tx }],
    ["/cosmos/tx/v1beta1/txs", { tx_bytes: tx, mode: "BROADCAST_MODE_SYNC" }],
  ]) as [string, object][];
  return inParallel(bodies, async ([path, body]) => {
    const answer = await fetch(base + path, { method: "POST", body: JSON.stringify(body) });
    return evidence(`rest POST ${path}`, await answer.text());
  });
}

export async function askGrpc(baseUrl: string, samples: Samples): Promise<Evidence[]> {
  const transport = createGrpcTransport({ baseUrl });
  const calls = SERVICES.flatMap(({ methods }) => methods)
    .filter((method): method is DescMethodUnary => method.methodKind === "unary")
    .flatMap((method) =>
      requestsFor(method.input, samples).map((request) => ({ method, request })),
    );
  return inParallel(calls, async ({ method, request }) => {
    const place = `grpc ${method.parent.typeName}/${method.name} ${JSON.stringify(request, plain)}`;
    try {
      const input = create(method.input, request);
      const { message, header, trailer } = await transport.unary(
        method,
        undefined,
        undefined,
        undefined,
        input,
      );
      const metadata = JSON.stringify([...header, ...trailer]);
      return evidence(
        place,
        Buffer.concat([Buffer.from(metadata), toBinary(method.output, message)]),
      );
    } catch (error) {
      return evidence(place, `${error}`);
    }
  });
}

const plain = (_: string, value: unknown) => (typeof value === "bigint" ? `${value}` : value);

/** A path with each sample of its first variable that has several. */
function pathsOf(template: string, samples: Samples): string[] {
  const { variables } = parseTemplate(template);
  let paths = [template];
  for (const { path } of variables) {
    const values = samples[path.at(-1) ?? ""] ?? ["1"];
    const pattern = new RegExp(`\\{${path.join("\\.")}(=[^}]*)?\\}`);
    paths = paths.flatMap((text) =>
      values.map((value) => text.replace(pattern, encodeURIComponent(value))),
    );
  }
  const needsQuery = template.includes("/compute/v1beta1/query/");
  return needsQuery
    ? paths.map((path) => `${path}?query=${encodeURIComponent(samples["query:bytes"]?.[0] ?? "")}`)
    : paths;
}

export async function inParallel<Input, Output>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const results: Output[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < inputs.length; index = next++) {
      results[index] = await work(inputs[index] as Input);
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY_MAX }, worker));
  return results;
}
