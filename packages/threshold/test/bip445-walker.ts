/**
 * Walks the vectors that BIP-445's authors publish, valid and invalid, through the public functions.
 * An unknown file or field, or anything that comes out otherwise, is thrown.
 */
import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  aggregateBip445,
  aggregateBip445Nonces,
  generateBip445Nonces,
  type SigningTask,
  signBip445,
  signBip445Deterministically,
  verifyBip445Partial,
} from "../src/bip445/index.ts";
import { ThresholdError } from "../src/errors.ts";
import { fromHex, listFiles, toHex } from "./vectors.ts";

/** What a case may say; a group's fields are its cases' too. */
interface Case {
  readonly tc_id: number;
  readonly comment: string;
  readonly t: number;
  readonly n: number;
  readonly thresh_pk: string;
  readonly pubshares: readonly string[];
  readonly pubnonces: readonly string[];
  readonly secshares: readonly string[];
  readonly secnonces: readonly string[];
  readonly tweaks: readonly string[];
  readonly my_id: number;
  readonly ids: readonly number[];
  readonly pubshare_indices: readonly number[];
  readonly pubnonce_indices: readonly number[];
  readonly secshare_index: number;
  readonly secnonce_index: number;
  readonly tweak_indices?: readonly number[];
  readonly is_xonly?: readonly boolean[];
  readonly signer_index: number;
  readonly aggnonce: string;
  readonly aggothernonce: string | null;
  readonly rand: string | null;
  readonly rand_: string;
  readonly secshare: string | null;
  readonly pubshare: string | null;
  readonly extra_in: string | null;
  readonly msg: string | null;
  readonly psig: string;
  readonly psigs: readonly string[];
  readonly expected: unknown;
  readonly error?: {
    readonly type: string;
    readonly message?: string;
    readonly signer_index?: number | null;
    readonly contrib?: string;
  };
}

const FIELDS = [
  ...["test_groups", "valid_tests", "error_tests", "sign_error_tests", "verify_fail_tests"],
  ...["verify_error_tests", "tg_id", "tc_id", "comment", "t", "n", "thresh_pk", "pubshares"],
  ...["pubnonces", "secshares", "secnonces", "tweaks", "my_id", "ids", "pubshare_indices"],
  ...["pubnonce_indices", "secshare_index", "secnonce_index", "tweak_indices", "is_xonly"],
  ...["signer_index", "aggnonce", "aggothernonce", "rand", "rand_", "secshare", "pubshare"],
  ...["extra_in", "msg", "psig", "psigs", "expected", "error", "type", "message", "contrib"],
];

/** The reference's messages, and our codes. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/id must be present/, "threshold/index"],
  [/identifier at index \d is out of range/, "threshold/index"],
  [/pubshare must be included/, "threshold/key"],
  [/provided key material is incorrect/, "threshold/key"],
  [/secret share value is out of range/, "threshold/scalar"],
  [/tweak value is out of range/, "threshold/scalar"],
  [/Invalid pubshare/, "threshold/element"],
  [/number of signers must be between/, "threshold/too_few"],
  [/psigs and ids arrays/, "threshold/too_few"],
  [/contains duplicate/, "threshold/duplicate_index"],
  [/cannot be infinity/, "threshold/identity"],
  [/must be a 32-byte array/, "threshold/length"],
  [/secnonce value is out of range/, "threshold/nonce"],
  // A tweak here says itself whether it is for X alone: two lists of two lengths cannot be given.
  [/tweaks and is_xonly arrays/, "not expressible"],
];

const CONTRIBUTIONS: Readonly<Record<string, string>> = {
  pubnonce: "public_nonce",
  aggnonce: "aggregate_nonce",
  aggothernonce: "other_nonces",
  psig: "partial_signature",
};

class NotExpressible extends TypeError {}

const optional = (hex: string | null): Uint8Array | undefined =>
  hex === null ? undefined : fromHex(hex);
const pick = (list: readonly string[], indices: readonly number[]): Uint8Array[] =>
  indices.map((i) => fromHex(list[i] as string));
const upper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

function taskOf(item: Case): SigningTask {
  const values = item.tweak_indices?.map((i) => item.tweaks[i] as string) ?? item.tweaks ?? [];
  const flags = item.is_xonly ?? [];
  const asked = item.is_xonly === undefined ? [] : values;
  if (asked.length !== flags.length) throw new NotExpressible("two lengths");
  return {
    signers: {
      count: item.n,
      threshold: item.t,
      identifiers: item.ids,
      publicShares: pick(item.pubshares, item.pubshare_indices),
      publicKey: fromHex(item.thresh_pk),
    },
    tweaks: asked.map((hex, i) => ({ value: fromHex(hex), isXOnly: flags[i] as boolean })),
    message: fromHex(item.msg ?? ""),
  };
}

function sign(item: Case): string {
  const secretNonce = fromHex(item.secnonces[item.secnonce_index] as string);
  const secretShare = fromHex(item.secshares[item.secshare_index] as string);
  const context = { ...taskOf(item), aggregateNonce: fromHex(item.aggnonce) };
  const partial = signBip445(secretNonce, { identifier: item.my_id, secretShare }, context);
  deepStrictEqual(secretNonce, new Uint8Array(64));
  return upper(partial);
}

function signAndVerify(item: Case): string {
  const partial = sign(item);
  const publicNonces = pick(item.pubnonces, item.pubnonce_indices);
  deepStrictEqual(upper(aggregateBip445Nonces(publicNonces)), item.aggnonce);
  const place = item.ids.indexOf(item.my_id);
  verifyBip445Partial(fromHex(partial), place, publicNonces, taskOf(item));
  return partial;
}

function verify(item: Case): void {
  const publicNonces = pick(item.pubnonces, item.pubnonce_indices);
  verifyBip445Partial(fromHex(item.psig), item.signer_index, publicNonces, taskOf(item));
}

type Run = (item: Case) => unknown;

/** By file, then by list of cases: what is called. */
const RUNS: Readonly<Record<string, Readonly<Record<string, Run>>>> = {
  "nonce_gen_vectors.json": {
    valid_tests: (item) => {
      const inputs = {
        secretShare: optional(item.secshare),
        publicShare: optional(item.pubshare),
        publicKey: optional(item.thresh_pk),
        message: optional(item.msg),
        extra: optional(item.extra_in),
      };
      const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
      const { secretNonce, publicNonce } = generateBip445Nonces(Object.fromEntries(given), () =>
        fromHex(item.rand_),
      );
      return [upper(secretNonce), upper(publicNonce)];
    },
  },
  "nonce_agg_vectors.json": {
    valid_tests: (item) =>
      upper(aggregateBip445Nonces(pick(item.pubnonces, item.pubnonce_indices))),
    error_tests: (item) => aggregateBip445Nonces(pick(item.pubnonces, item.pubnonce_indices)),
  },
  "sign_verify_vectors.json": {
    valid_tests: signAndVerify,
    sign_error_tests: sign,
    verify_fail_tests: verify,
    verify_error_tests: verify,
  },
  "tweak_vectors.json": { valid_tests: signAndVerify, error_tests: sign },
  "det_sign_vectors.json": { valid_tests: signAlone, error_tests: signAlone },
  "sig_agg_vectors.json": { valid_tests: aggregate, error_tests: aggregate },
};

function signAlone(item: Case): string[] {
  const secretShare = fromHex(item.secshares[item.secshare_index] as string);
  const { publicNonce, partialSignature } = signBip445Deterministically(
    { identifier: item.my_id, secretShare },
    optional(item.aggothernonce),
    taskOf(item),
    optional(item.rand),
  );
  return [upper(publicNonce), upper(partialSignature)];
}

function aggregate(item: Case): string {
  const context = { ...taskOf(item), aggregateNonce: fromHex(item.aggnonce) };
  return upper(aggregateBip445(item.psigs.map(fromHex), context));
}

/** What the function throws must be what the case says. */
function checkError(item: Case, list: string, run: Run): void {
  let thrown: unknown;
  try {
    run(item);
  } catch (error) {
    thrown = error;
  }
  const where = `${list} ${item.tc_id}: ${item.comment}`;
  if (thrown instanceof NotExpressible) {
    deepStrictEqual(codeOfMessage(item.error?.message), "not expressible", where);
    return;
  }
  if (!(thrown instanceof ThresholdError)) throw thrown ?? new TypeError(`${where} is accepted`);
  const { failure } = thrown;
  if (item.error?.type === "ValueError") {
    deepStrictEqual(failure.code, codeOfMessage(item.error.message), where);
    return;
  }
  // A signature that does not verify has no error in the file: the function there returns false.
  const expected = item.error ?? { contrib: "psig", signer_index: item.signer_index };
  deepStrictEqual(
    failure,
    {
      code: "threshold/contribution",
      contribution: CONTRIBUTIONS[expected.contrib as string],
      signer: expected.signer_index ?? undefined,
    },
    where,
  );
}

function codeOfMessage(message = ""): string {
  const found = CODES.find(([pattern]) => pattern.test(message));
  if (found === undefined) throw new TypeError(`unknown error: ${message}`);
  return found[1];
}

export function listBip445(directory: string): string[] {
  const files = listFiles(directory).filter((file) => !file.endsWith(".md"));
  if (files.length === 0) throw new TypeError(`no vectors in ${directory}`);
  return files;
}

/** @returns how many cases the file has, all of which came out as it says. */
export function walkBip445File(directory: string, file: string): number {
  const runs = RUNS[file];
  if (runs === undefined) throw new TypeError(`unknown file ${file}`);
  const document = JSON.parse(readFileSync(join(directory, file), "utf8"), (name, value) => {
    if (name !== "" && !/^\d+$/.test(name) && !FIELDS.includes(name)) {
      throw new TypeError(`unknown field ${name} in ${file}`);
    }
    return value;
  }) as Record<string, unknown>;
  let count = 0;
  for (const group of (document.test_groups ?? [document]) as Record<string, unknown>[]) {
    const lists = Object.keys(group).filter((name) => name.endsWith("_tests"));
    for (const list of lists) {
      const run: Run | undefined = runs[list];
      if (run === undefined) throw new TypeError(`unknown cases ${list} in ${file}`);
      for (const own of group[list] as Case[]) {
        const item = { ...group, ...own } as Case;
        if (list === "valid_tests") deepStrictEqual(run(item), item.expected, item.comment);
        else checkError(item, list, run);
        count++;
      }
    }
  }
  return count;
}
