/** Values for the fields of requests, so that every route and method can be asked something. */
import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

export interface Samples {
  /** By the field's name in snake case, `name:bytes` where it holds bytes; text as a URL has it. */
  readonly [field: string]: readonly string[];
}

export interface KnownOfChain {
  readonly addresses: readonly string[];
  readonly contracts: readonly string[];
  readonly codeIds: readonly string[];
  readonly codeHashes: readonly string[];
  readonly labels: readonly string[];
  readonly txHashes: readonly string[];
  readonly latestHeight: number;
  /** Base64 of a ciphertext and of a transaction, for what takes bytes. */
  readonly ciphertext: string;
  readonly tx: string;
}

export function samplesOf(known: KnownOfChain): Samples {
  const accounts = [...known.addresses, ...known.contracts];
  const heights = Array.from({ length: known.latestHeight }, (_, index) => `${index + 1}`);
  return {
    address: accounts,
    delegator_addr: known.addresses,
    contract_address: known.contracts,
    code_id: known.codeIds,
    code_hash: known.codeHashes,
    label: known.labels,
    hash: known.txHashes,
    height: heights,
    denom: ["uscrt"],
    query: ["tx.height>0"],
    "query:bytes": [known.ciphertext],
    tx_bytes: [known.tx],
    path: ["/store/private/key"],
  };
}

/** Requests of a method: for each field with several values, one with each of them. */
export function requestsFor(input: DescMessage, samples: Samples): Record<string, unknown>[] {
  const samplesFor = (field: DescField) =>
    (field.scalar === ScalarType.BYTES && samples[`${field.name}:bytes`]) || samples[field.name];
  const fields = input.fields.filter(
    (field) => field.fieldKind === "scalar" && samplesFor(field) !== undefined,
  );
  const first = Object.fromEntries(
    fields.map((field) => [field.localName, sampleFor(field, samplesFor(field)?.[0] ?? "")]),
  );
  const others = fields.flatMap((field) =>
    (samplesFor(field) ?? [])
      .slice(1)
      .map((text) => ({ ...first, [field.localName]: sampleFor(field, text) })),
  );
  return [first, ...others];
}

function sampleFor(field: DescField, text: string): unknown {
  switch (field.scalar) {
    case ScalarType.BYTES:
      return Uint8Array.from(Buffer.from(text, "base64"));
    case ScalarType.STRING:
      return text;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return BigInt(text);
    default:
      return Number(text);
  }
}
