/** Signers: their keys, how many they are, what they cost, whether they signed, what comes next. */
import { encodeMessage, equalBytes, ProtocolError, toBase64 } from "@tacit/encoding";
import { MultiSignatureSchema } from "@tacit/encoding/proto/cosmos/crypto/multisig/v1beta1/multisig";
import {
  type AbciEvent,
  type AnteDecorator,
  type Context,
  createEvent,
  type DecodedTx,
  type GasMeter,
  isFatal,
  PanicError,
  PlainError,
  sdkErrors,
  type TxSigner,
} from "@tacit/sdk";
import type { Account } from "../account.ts";
import type { AccountKeeper } from "../keeper.ts";
import type { AuthParams } from "../params.ts";
import { countSingleKeys, type PublicKey, parsePublicKey } from "../public-key.ts";
import {
  isAminoOnly,
  readSignature,
  type SignatureData,
  type SignatureVerifier,
} from "../signature.ts";

/** Stands for a key that an account does not have yet, in simulations. */
const simulatedKey = parsePublicKey({
  typeUrl: "/cosmos.crypto.secp256k1.PubKey",
  value: Uint8Array.from(
    "0a21035ad6810a47f073553ff30d2fcc7e0d3b1c0b74b61a1aaa2582344037151e143a".match(/../g)!,
    (byte) => Number.parseInt(byte, 16),
  ),
});

function signerAccount(context: Context, accounts: AccountKeeper, signer: Uint8Array): Account {
  const account = accounts.getAccount(context, signer);
  if (account !== undefined) return account;
  const text = accounts.options.addresses.toText(signer);
  throw sdkErrors.unknownAddress.wrap(`account ${text} does not exist`);
}

function keyOf(account: Account): PublicKey | undefined {
  return account.publicKey === undefined ? undefined : parsePublicKey(account.publicKey);
}

/** The signer at a position of signer infos; more infos than signers would be a Go panic. */
function signerAt(tx: DecodedTx, index: number): Uint8Array {
  const signer = tx.signers[index];
  if (signer === undefined) throw new PanicError("index out of range");
  return signer;
}

function signatureOf(tx: DecodedTx, index: number): SignatureData | undefined {
  const { modeInfo } = tx.signerInfos[index]!;
  if (modeInfo === undefined) return undefined;
  const bytes = tx.signatures[index];
  if (bytes === undefined) throw new PanicError("index out of range");
  return readSignature(modeInfo, bytes);
}

/** Writes the keys of signers who sign for the first time, and the events to find signatures by. */
export function setPublicKeys(accounts: AccountKeeper): AnteDecorator {
  const { addresses } = accounts.options;
  return (context, tx, isSimulation, next) => {
    for (const [index, info] of tx.signerInfos.entries()) {
      const signer = signerAt(tx, index);
      if (info.publicKey === undefined && !isSimulation) continue;
      const key = info.publicKey === undefined ? simulatedKey : parsePublicKey(info.publicKey);
      if (!isSimulation && !equalBytes(key.address, signer)) {
        throw sdkErrors.invalidPubKey.wrap(
          `pubKey does not match signer address ${addresses.toText(signer)} with signer index: ${index}`,
        );
      }
      const account = signerAccount(context, accounts, signer);
      if (account.publicKey !== undefined) continue;
      if (account.kind === "module") {
        throw sdkErrors.invalidPubKey.wrap("not supported for module accounts");
      }
      accounts.setAccount(context, { ...account, publicKey: key.any });
    }
    for (const [index, info] of tx.signerInfos.entries()) {
      const sequence = info.modeInfo === undefined ? 0n : info.sequence;
      const signer = addresses.toText(signerAt(tx, index));
      context.events.emit(createEvent("tx", ["acc_seq", `${signer}/${sequence}`]));
      context.events.emitAll(signatureEvents(signatureOf(tx, index)));
    }
    return next(context, tx, isSimulation);
  };
}

function signatureEvents(data: SignatureData | undefined): readonly AbciEvent[] {
  return signatureBytes(data).map((bytes) => createEvent("tx", ["signature", toBase64(bytes)]));
}

/** Single signatures first, then the whole of each multisignature. */
function signatureBytes(data: SignatureData | undefined): readonly Uint8Array[] {
  if (data === undefined) throw new PlainError("got empty SignatureData");
  if (data.kind === "single") return [data.signature];
  const signatures = data.signatures.flatMap((inner) => [...signatureBytes(inner)]);
  return [...signatures, encodeMessage(MultiSignatureSchema, { signatures })];
}

export function limitSignatures(accounts: AccountKeeper): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    const { txSigLimit } = accounts.getParams(context);
    let count = 0;
    for (const { publicKey } of tx.signerInfos) {
      if (publicKey !== undefined) count += countSingleKeys(parsePublicKey(publicKey));
      if (BigInt(count) > txSigLimit) {
        throw sdkErrors.tooManySignatures.wrap(`signatures: ${count}, limit: ${txSigLimit}`);
      }
    }
    return next(context, tx, isSimulation);
  };
}

export function consumeSignatureGas(accounts: AccountKeeper): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    const params = accounts.getParams(context);
    for (const index of tx.signerInfos.keys()) {
      const account = signerAccount(context, accounts, signerAt(tx, index));
      const key = keyOf(account) ?? (isSimulation ? simulatedKey : undefined);
      chargeSignature(context.gasMeter, params, key, signatureOf(tx, index));
    }
    return next(context, tx, isSimulation);
  };
}

function chargeSignature(
  meter: GasMeter,
  params: AuthParams,
  key: PublicKey | undefined,
  data: SignatureData | undefined,
): void {
  switch (key?.kind) {
    case "ed25519":
      meter.consume(params.sigVerifyCostEd25519, "ante verify: ed25519");
      throw sdkErrors.invalidPubKey.wrap("ED25519 public keys are unsupported");
    case "secp256k1":
      meter.consume(params.sigVerifyCostSecp256k1, "ante verify: secp256k1");
      return;
    case "secp256r1":
      meter.consume(params.sigVerifyCostSecp256k1 / 2n, "ante verify: secp256r1");
      return;
    case "multisig": {
      if (data?.kind !== "multi") {
        const got = data === undefined ? "<nil>" : "*signing.SingleSignatureData";
        throw new PlainError(`expected *signing.MultiSignatureData, got, ${got}`);
      }
      let position = 0;
      for (const [index, hasSigned] of data.bits.entries()) {
        if (!hasSigned) continue;
        const member = key.members[index];
        if (member === undefined) throw new PanicError("index out of range");
        chargeSignature(meter, params, member, data.signatures[position]);
        position += 1;
      }
      return;
    }
    case undefined:
      throw sdkErrors.invalidPubKey.wrap("unrecognized public key type: <nil>");
  }
}

/** Verifies every signature, except in simulations and when checking again. */
export function verifySignatures(
  accounts: AccountKeeper,
  verifier: SignatureVerifier,
): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    const count = tx.signerInfos.length;
    if (count !== tx.signers.length) {
      throw sdkErrors.unauthorized.wrap(
        `invalid number of signer;  expected: ${tx.signers.length}, got ${count}`,
      );
    }
    const signers: TxSigner[] = [];
    for (const [index, info] of tx.signerInfos.entries()) {
      const account = signerAccount(context, accounts, signerAt(tx, index));
      const key = keyOf(account);
      if (!isSimulation && key === undefined) {
        throw sdkErrors.invalidPubKey.wrap("pubkey on account is not set");
      }
      const sequence = info.modeInfo === undefined ? 0n : info.sequence;
      if (sequence !== account.sequence) {
        throw sdkErrors.wrongSequence.wrap(
          `account sequence mismatch, expected ${account.sequence}, got ${sequence}`,
        );
      }
      const accountNumber = context.height === 0n ? 0n : account.accountNumber;
      if (key !== undefined) {
        signers.push({ address: account.address, accountNumber, sequence, publicKey: key.any });
      }
      if (isSimulation || context.mode === "recheck" || key === undefined) continue;
      const address = accounts.options.addresses.toText(account.address);
      assertSigned(context, tx, index, { account, address, key, accountNumber, verifier });
    }
    if (context.scope !== undefined) context.scope.signers = signers;
    return next(context, tx, isSimulation);
  };
}

function assertSigned(
  context: Context,
  tx: DecodedTx,
  index: number,
  signer: {
    readonly account: Account;
    readonly address: string;
    readonly key: PublicKey;
    readonly accountNumber: bigint;
    readonly verifier: SignatureVerifier;
  },
): void {
  const { account, address, key, accountNumber, verifier } = signer;
  const data = signatureOf(tx, index);
  // The SDK brings the whole transaction into the form that is signed, with the keys of all signers.
  if (tx.signerInfos.some(({ publicKey }) => publicKey === undefined)) {
    throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
  }
  if (data === undefined) throw new PlainError("unexpected SignatureData <nil>");
  try {
    verifier.verify(tx, key, data, {
      chainId: context.chainId,
      accountNumber,
      sequence: account.sequence,
      signer: account.address,
      address,
    });
  } catch (error) {
    if (!(error instanceof ProtocolError) || isFatal(error) || error instanceof PanicError) {
      throw error;
    }
    const detail = error.message;
    const please = `signature verification failed; please verify account number (${accountNumber})`;
    const chain = `and chain-id (${context.chainId})`;
    if (!isAminoOnly(data)) throw sdkErrors.unauthorized.wrap(`${please} ${chain}: (${detail})`);
    const told = verifier.showsDetail ? `: ${detail}` : "";
    throw sdkErrors.unauthorized.wrap(`${please}, sequence (${account.sequence}) ${chain}${told}`);
  }
}

export function incrementSequences(accounts: AccountKeeper): AnteDecorator {
  return (context, tx, isSimulation, next) => {
    for (const signer of tx.signers) {
      const account = accounts.getAccount(context, signer);
      if (account === undefined) throw new PanicError("signer account does not exist");
      accounts.setAccount(context, { ...account, sequence: account.sequence + 1n });
    }
    return next(context, tx, isSimulation);
  };
}
