/** Small records of the chain database, as JSON with bytes in hex and integers as text. */
import { fromHex, toHex } from "@tacit/encoding";
import type { Validator, ValidatorSet } from "@tacit/light";

/** What is known after a block beyond the block store itself. Written last, so it never runs ahead. */
export interface ChainState {
  /** 0 before the first block. */
  readonly height: bigint;
  /** State root after `height`. */
  readonly appHash: Uint8Array;
  readonly lastResultsHash: Uint8Array;
}

interface ValidatorJson {
  readonly key: string;
  readonly address: string;
  readonly power: string;
  readonly priority: string;
}

export function encodeState(state: ChainState): Uint8Array {
  return encodeJson({
    height: `${state.height}`,
    appHash: toHex(state.appHash),
    lastResultsHash: toHex(state.lastResultsHash),
  });
}

export function decodeState(bytes: Uint8Array): ChainState {
  const json = decodeJson<{ height: string; appHash: string; lastResultsHash: string }>(bytes);
  return {
    height: BigInt(json.height),
    appHash: fromHex(json.appHash),
    lastResultsHash: fromHex(json.lastResultsHash),
  };
}

export function encodeValidatorSet(set: ValidatorSet): Uint8Array {
  return encodeJson({
    proposer: set.validators.indexOf(set.proposer),
    validators: set.validators.map((validator) => ({
      key: toHex(validator.publicKey),
      address: toHex(validator.address),
      power: `${validator.power}`,
      priority: `${validator.proposerPriority}`,
    })),
  });
}

export function decodeValidatorSet(bytes: Uint8Array): ValidatorSet {
  const json = decodeJson<{ proposer: number; validators: ValidatorJson[] }>(bytes);
  const validators = json.validators.map(
    (validator): Validator => ({
      publicKey: fromHex(validator.key),
      address: fromHex(validator.address),
      power: BigInt(validator.power),
      proposerPriority: BigInt(validator.priority),
    }),
  );
  return { validators, proposer: validators[json.proposer] as Validator };
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function decodeJson<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
