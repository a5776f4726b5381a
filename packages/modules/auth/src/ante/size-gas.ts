import type { AnteDecorator, Context, DecodedTx } from "@tacit/sdk";
import type { AccountKeeper } from "../keeper.ts";

/**
 * Bytes that a signature of the legacy amino form has (StdSignature of a secp256k1 key: 5 + 33
 * behind one tag, 64 behind another, with their lengths), plus six: what simulation adds for each
 * signature that is not there yet.
 */
const simulatedSignatureBytes = 2 + 38 + 2 + 64 + 6;

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

function chargeMissing(
  context: Context,
  tx: DecodedTx,
  accounts: AccountKeeper,
  params: { readonly txSizeCostPerByte: bigint; readonly txSigLimit: bigint },
): void {
  for (const [index, signer] of tx.signers.entries()) {
    const hasSignature =
      tx.signerInfos[index]?.modeInfo !== undefined && (tx.signatures[index]?.length ?? 0) > 0;
    if (hasSignature) continue;
    const account = accounts.getAccount(context, signer);
    const isMultisig = account?.publicKey?.typeUrl === "/cosmos.crypto.multisig.LegacyAminoPubKey";
    const bytes = BigInt(simulatedSignatureBytes) * (isMultisig ? params.txSigLimit : 1n);
    context.gasMeter.consume(params.txSizeCostPerByte * bytes, "txSize");
  }
}
