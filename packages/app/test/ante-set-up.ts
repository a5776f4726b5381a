/** A chain for transactions of which some part is not as it should be. */
import { secp256k1Sign, sha256 } from "@tacit/crypto";
import { directSignBytes, encodeMessage } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/secp256k1/keys";
import {
  AuthInfoSchema,
  TxBodySchema,
  TxRawSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/tx";
import { type AnyValue, signModes } from "@tacit/sdk";
import { type BankChainOptions, blockOf, createBankChain, testChainId } from "./bank-chain.ts";
import { sendMessage, type TestAccount, testAccount } from "./signing.ts";

export const [alice, bob] = [testAccount(0), testAccount(1)];

/** Parts of a transaction that are not as they should be. */
export interface Changes {
  readonly messages?: readonly AnyValue[];
  readonly body?: object;
  readonly bodyTail?: Uint8Array;
  readonly fee?: object | undefined;
  readonly tip?: object;
  readonly signers?: readonly TestAccount[];
  /** None at all if null. */
  readonly publicKey?: AnyValue | null;
  readonly mode?: number;
  readonly sequence?: bigint;
  readonly signatures?: readonly Uint8Array[];
}

export function setUp(options: Partial<BankChainOptions> = {}) {
  const chain = createBankChain({ accounts: [alice, bob], ...options });
  const text = chain.addresses.toText;
  const block = (height: bigint) => {
    chain.machine.finalizeBlock(blockOf(height, []));
    chain.machine.commit();
  };
  block(1n);
  const send = (from = alice, to = bob) => sendMessage(text(from.address), text(to.address), "5");
  const fee = { amount: [{ denom: "uscrt", amount: "2500" }], gasLimit: 200_000n };
  const build = (changes: Changes): Uint8Array => {
    const { signers = [alice], mode = signModes.direct, sequence = 0n } = changes;
    const body = encodeMessage(TxBodySchema, {
      messages: (changes.messages ?? [send()]).map(({ typeUrl, value }) => ({ typeUrl, value })),
      ...changes.body,
    });
    const bodyBytes = Uint8Array.of(...body, ...(changes.bodyTail ?? []));
    const authInfoBytes = encodeMessage(AuthInfoSchema, {
      signerInfos: signers.map((account) => ({
        ...(changes.publicKey === null
          ? {}
          : { publicKey: changes.publicKey ?? publicKeyOf(account) }),
        modeInfo: { sum: { case: "single" as const, value: { mode: mode as 1 } } },
        sequence,
      })),
      ...("fee" in changes && changes.fee === undefined ? {} : { fee: { ...fee, ...changes.fee } }),
      ...(changes.tip === undefined ? {} : { tip: changes.tip }),
    });
    const signatures =
      changes.signatures ??
      signers.map(({ key, accountNumber }) =>
        secp256k1Sign(
          sha256(
            directSignBytes({ bodyBytes, authInfoBytes, chainId: testChainId, accountNumber }),
          ),
          key,
        ),
      );
    return encodeMessage(TxRawSchema, { bodyBytes, authInfoBytes, signatures: [...signatures] });
  };
  const refusal = (changes: Changes) => {
    const { code, codespace, log } = chain.machine.checkTx(build(changes), "check");
    return `${codespace}/${code}: ${log}`;
  };
  return { ...chain, text, block, send, build, refusal };
}

export function publicKeyOf({ publicKey }: TestAccount) {
  return {
    typeUrl: "/cosmos.crypto.secp256k1.PubKey",
    value: encodeMessage(PubKeySchema, { key: publicKey }),
  };
}
