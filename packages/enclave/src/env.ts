import type { Coin } from "@tacit/enclave-channel";
import { toBase64, toHex } from "@tacit/encoding";
import { utf8 } from "./bytes.ts";

/** What a contract is told about where it runs (privacy protocol section 7.4). */
export interface CallEnvironment {
  readonly height: bigint;
  readonly timeNs: bigint;
  readonly chainId: string;
  /** Bech32. */
  readonly contract: string;
  readonly codeHash: Uint8Array;
  /** Absent outside transactions. */
  readonly transaction: { readonly index: number; readonly hash: Uint8Array } | undefined;
  /** Only for contracts that ask for it; a zero byte in queries. */
  readonly random: Uint8Array | undefined;
  /** Bech32; empty where the protocol blanks it. */
  readonly sender: string;
  readonly funds: readonly Coin[];
}

const NS_PER_SECOND = 1_000_000_000n;

function fundsOf(env: CallEnvironment): { denom: string; amount: string }[] {
  return env.funds.map(({ denom, amount }) => ({ denom, amount }));
}

/** `env` of the v1 interface. Heights are safe integers: 2^53 blocks take longer than the sun. */
export function envV1(env: CallEnvironment): Uint8Array {
  const { transaction, random } = env;
  return utf8(
    JSON.stringify({
      block: {
        height: Number(env.height),
        time: env.timeNs.toString(),
        chain_id: env.chainId,
        ...(random === undefined ? {} : { random: toBase64(random) }),
      },
      contract: { address: env.contract, code_hash: toHex(env.codeHash) },
      transaction:
        transaction === undefined
          ? null
          : { index: transaction.index, hash: toHex(transaction.hash).toUpperCase() },
    }),
  );
}

/** `info` of the v1 interface. */
export function infoV1(env: CallEnvironment): Uint8Array {
  return utf8(JSON.stringify({ sender: env.sender, funds: fundsOf(env) }));
}

/** `env` of the v0.10 interface, which never has a random. */
export function envV010(env: CallEnvironment): Uint8Array {
  return utf8(
    JSON.stringify({
      block: {
        height: Number(env.height),
        time: Number(env.timeNs / NS_PER_SECOND),
        chain_id: env.chainId,
      },
      message: { sender: env.sender, sent_funds: fundsOf(env) },
      contract: { address: env.contract },
      contract_key: null,
      contract_code_hash: toHex(env.codeHash),
      transaction: null,
    }),
  );
}
