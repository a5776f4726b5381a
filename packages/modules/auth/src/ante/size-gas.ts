import { aminoPublicKey } from "@tacit/encoding";
import { type AnteDecorator, type Context, type DecodedTx, PanicError } from "@tacit/sdk";
import type { AccountKeeper } from "../keeper.ts";
import { parsePublicKey } from "../public-key.ts";
import { readSignature, type SignatureData } from "../signature.ts";

/** A signature of 64 bytes in the legacy amino form: its tag and length, and itself. */
const aminoSignatureBytes = 2 + 64;
/** What the SDK adds to each. */
const slackBytes = 6;
/** Of a secp256k1 key in the same form: prefix, length, key. */
const aminoSecp256k1Bytes = 4 + 1 + 33;

/** Gas for the transaction's bytes. */
export function consumeSizeGas(accounts: AccountKeeper): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    const { txSizeCostPerByte, txSigLimit } = accounts.getParams(context);
    const { gasMeter } = context;
    gasMeter.consume(txSizeCostPerByte * BigInt(tx.bytes.length), "txSize");
    if (isSimulation) chargeMissing(context, tx, accounts, { txSizeCostPerByte, txSigLimit });
    return next(context, tx, isSimulation);
  };
}

/** Simulations pay for signatures that are not there yet; a group for as many as there may be. */
function chargeMissing(
  context: Context,
  tx: DecodedTx,
  accounts: AccountKeeper,
  params: { readonly txSizeCostPerByte: bigint; readonly txSigLimit: bigint },
): void {
  for (const [index, signer] of tx.signers.entries()) {
    if (hasSigned(tx, index)) continue;
    const account = accounts.getAccount(context, signer);
    const key = account?.publicKey && parsePublicKey(account.publicKey);
    const keyBytes =
      key?.kind === "multisig" ? aminoPublicKey(key.any).length : aminoSecp256k1Bytes;
    const bytes = BigInt(lengthPrefixed(keyBytes) + aminoSignatureBytes + slackBytes);
    const times = key?.kind === "multisig" ? params.txSigLimit : 1n;
    context.gasMeter.consume(params.txSizeCostPerByte * bytes * times, "txSize");
  }
}

/** With tag and length in front. */
function lengthPrefixed(count: number): number {
  return 1 + (count < 0x80 ? 1 : count < 0x4000 ? 2 : 3) + count;
}

function hasSigned(tx: DecodedTx, index: number): boolean {
  const mode = tx.signerInfos[index]?.modeInfo;
  if (mode === undefined) return false;
  const bytes = tx.signatures[index];
  if (bytes === undefined) throw new PanicError("index out of range");
  return isComplete(readSignature(mode, bytes));
}

function isComplete(data: SignatureData | undefined): boolean {
  if (data === undefined) return false;
  if (data.kind === "single") return data.signature.length > 0;
  return data.signatures.length > 0 && data.signatures.every(isComplete);
}
