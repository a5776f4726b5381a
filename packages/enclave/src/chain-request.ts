import { fromBase64, ProtocolError } from "@tacit/encoding";
import { fromUtf8, utf8 } from "./bytes.ts";
import { isObject, type JsonObject, parseContractJson, toContractJson } from "./json.ts";

export interface SmartQuery {
  readonly contract: string;
  readonly codeHash: string;
  readonly message: Uint8Array;
}

/** What a contract asks the chain (privacy protocol section 3.1), as far as the host may see it. */
export type ChainRequest =
  /** For another contract; travels encrypted. */
  | { readonly kind: "smart"; readonly query: SmartQuery }
  /** About what everybody may see. */
  | { readonly kind: "open"; readonly request: Uint8Array }
  /** None of the network's: what is in it may be anything, so the host does not get it. */
  | { readonly kind: "invalid" };

const INVALID: ChainRequest = { kind: "invalid" };

/** The network's requests; those without a list are one each. */
const VARIANTS: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map([
  ["bank", new Set(["balance", "all_balances"])],
  [
    "staking",
    new Set([
      "bonded_denom",
      "all_delegations",
      "delegation",
      "validators",
      "unbonding_delegations",
      "all_validators",
      "validator",
    ]),
  ],
  ["wasm", new Set(["smart", "raw", "contract_info"])],
  ["dist", new Set(["rewards"])],
  ["mint", new Set(["inflation", "bonded_ratio"])],
  ["gov", new Set(["proposals"])],
  ["ibc", new Set(["port_id", "list_channels", "channel"])],
  ["stargate", undefined],
  ["custom", undefined],
]);

export function readChainRequest(request: Uint8Array): ChainRequest {
  const text = fromUtf8(request);
  const parsed = text === undefined ? undefined : unlessMalformed(() => parseContractJson(text));
  const [kind, content] = variantOf(parsed) ?? [];
  if (kind === undefined || !VARIANTS.has(kind)) return INVALID;
  const variants = VARIANTS.get(kind);
  if (variants === undefined) return { kind: "open", request };
  const [variant, fields] = variantOf(content) ?? [];
  if (variant === undefined || !variants.has(variant)) return INVALID;
  if (kind !== "wasm" || variant === "contract_info") return { kind: "open", request };
  if (!isObject(fields)) return INVALID;
  return variant === "smart" ? readSmart(fields) : readRaw(fields);
}

function readSmart(fields: JsonObject): ChainRequest {
  const { contract_addr: contract, callback_code_hash: codeHash, msg } = fields;
  if (typeof contract !== "string" || typeof codeHash !== "string") return INVALID;
  const message = typeof msg === "string" ? unlessMalformed(() => fromBase64(msg)) : undefined;
  return message === undefined
    ? INVALID
    : { kind: "smart", query: { contract, codeHash, message } };
}

/** Names of records are secret and nothing is found by them, so the host only hears of the contract. */
function readRaw(fields: JsonObject): ChainRequest {
  const { contract_addr, callback_code_hash } = fields;
  if (typeof contract_addr !== "string" || typeof callback_code_hash !== "string") return INVALID;
  const raw = { contract_addr, callback_code_hash, key: "" };
  return { kind: "open", request: utf8(toContractJson({ wasm: { raw } })) };
}

/** The one field of an object that has one. */
function variantOf(value: unknown): readonly [string, unknown] | undefined {
  if (!isObject(value)) return undefined;
  const [entry, ...rest] = Object.entries(value);
  return rest.length === 0 ? entry : undefined;
}

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
