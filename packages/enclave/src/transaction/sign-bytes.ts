import { createRequire } from "node:module";
import type { DescFile } from "@bufbuild/protobuf";
import {
  type AnyValue,
  aminoSignBytes,
  createTypeRegistry,
  directSignBytes,
  eip191SignBytes,
  type TypeRegistry,
} from "@tacit/encoding";
import type { AuthInfo, TxBody } from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";

/** Values of cosmos.tx.signing.v1beta1.SignMode and Secret's own 191. */
export const SIGN_MODE = { direct: 1, aminoJson: 127, eip191: 191 } as const;

/** A transaction's parts, raw and decoded. */
export interface TxParts {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly body: TxBody;
  readonly authInfo: AuthInfo;
}

/** What binds a signature to its chain and account. */
export interface SignerBinding {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

let types: TypeRegistry | undefined;

/**
 * Every message type that wallets may sign beside those for contracts. Loaded when the first
 * amino signature comes: it is half of what the enclave's start would otherwise load.
 */
function allTypes(): TypeRegistry {
  if (types === undefined) {
    const load = createRequire(import.meta.url);
    const { allFiles } = load("@tacit/encoding/all-files") as { allFiles: readonly DescFile[] };
    types = createTypeRegistry(...allFiles);
  }
  return types;
}

/**
 * What the signer signed. Never taken from the host: rebuilt from the transaction's own bytes, so
 * that the messages signed and the messages run are the same ones.
 *
 * @returns undefined for a mode that is not supported.
 * @throws {EncodingError} for messages that have no amino JSON.
 */
export function signBytes(
  mode: number,
  tx: TxParts,
  binding: SignerBinding,
): Uint8Array | undefined {
  const { bodyBytes, authInfoBytes } = tx;
  switch (mode) {
    case SIGN_MODE.direct:
      return directSignBytes({ bodyBytes, authInfoBytes, ...binding });
    case SIGN_MODE.aminoJson:
      return aminoBytes(tx, binding);
    case SIGN_MODE.eip191:
      return eip191SignBytes(aminoBytes(tx, binding));
    default:
      return undefined;
  }
}

function aminoBytes({ body, authInfo }: TxParts, binding: SignerBinding): Uint8Array {
  const fee = authInfo.fee;
  const doc = {
    ...binding,
    timeoutHeight: body.timeoutHeight,
    memo: body.memo,
    fee: {
      amount: fee?.amount ?? [],
      gasLimit: fee?.gasLimit ?? 0n,
      payer: fee?.payer ?? "",
      granter: fee?.granter ?? "",
    },
    messages: body.messages as readonly AnyValue[],
  };
  return aminoSignBytes(doc, allTypes());
}
