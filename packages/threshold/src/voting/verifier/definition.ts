/** The election as the verifier reads it, with its own checks. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { equalBytes, utf8 } from "../../bytes.ts";
import type { Group } from "../../groups/group.ts";
import {
  CIPHERTEXTS_TOTAL_MAX,
  CREDENTIALS_MAX,
  ID_BYTES_MAX,
  OPTIONS_MAX,
  QUESTIONS_MAX,
  SUMS_MAX,
  TEXT_BYTES_MAX,
  TRUSTEES_MAX,
  WEIGHT_TOTAL_MAX,
} from "../limits.ts";
import { demand } from "../refuse.ts";
import type { Known } from "./equations.ts";
import { RecordReader } from "./reader.ts";

/** A question, as far as proofs and results go. */
export interface AskedQuestion {
  readonly options: number;
  readonly hasBlank: boolean;
  /** What options and n + 1 times the blank vote may add to. */
  readonly sums: readonly bigint[];
}

export interface ReadElection<P> {
  readonly fingerprint: Uint8Array;
  readonly key: Known<P>;
  readonly threshold: number;
  readonly shares: readonly Known<P>[];
  /** Without whose signature no ballot counts. */
  readonly box: Known<P> | undefined;
  readonly questions: readonly AskedQuestion[];
  /** Ciphertexts of one ballot. */
  readonly width: number;
  /** By key in hex. */
  readonly voters: ReadonlyMap<string, { readonly key: Known<P>; readonly weight: bigint }>;
}

export function readElection<P>(group: Group<P>, bytes: Uint8Array): ReadElection<P> {
  const reader = new RecordReader(bytes, "election");
  const element = (): Known<P> => {
    const encoding = reader.take(32);
    return { point: group.decode(encoding), encoding };
  };
  const magic = reader.string();
  const hasBox = equalBytes(magic, utf8("tacit/voting/election/v2"));
  demand(hasBox || equalBytes(magic, utf8("tacit/voting/election/v1")), "format of election");
  const idBytes = reader.string().length;
  demand(idBytes >= 1 && idBytes <= ID_BYTES_MAX, "election id");
  const key = element();
  demand(!group.equal(key.point, group.generator), "trustees' key");
  const box = hasBox ? element() : undefined;
  const threshold = reader.number(2);
  const shares = reader.list(2, element);
  const questions = reader.list(2, () => readQuestion(reader));
  demand(questions.length >= 1 && questions.length <= QUESTIONS_MAX, "number of questions");
  const width = questions.reduce((sum, asked) => sum + asked.options + Number(asked.hasBlank), 0);
  demand(width <= CIPHERTEXTS_TOTAL_MAX, "number of options");
  const voters = readVoters(reader, element);
  reader.end();
  checkShares(group, { key, shares, threshold });
  return { fingerprint: sha256(bytes), key, threshold, shares, box, questions, width, voters };
}

function readQuestion(reader: RecordReader): AskedQuestion {
  const text = () => {
    const bytes = reader.string();
    demand(bytes.length <= TEXT_BYTES_MAX && isUtf8(bytes), "text");
  };
  text();
  const options = reader.list(2, text).length;
  const [min, max, blank] = [reader.number(2), reader.number(2), reader.number(1)];
  demand(options >= 1 && options <= OPTIONS_MAX, "number of options");
  demand(min <= max && max <= options && blank <= 1, "bounds of a question");
  const sums: bigint[] = [];
  for (let sum = min; sum <= max; sum++) sums.push(BigInt(sum));
  if (blank === 1) sums.push(BigInt(options + 1));
  demand(sums.length <= SUMS_MAX, "bounds of a question");
  return { options, hasBlank: blank === 1, sums };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Ascending by key, so that nobody comes twice. */
function readVoters<P>(reader: RecordReader, element: () => Known<P>): ReadElection<P>["voters"] {
  const voters = new Map<string, { key: Known<P>; weight: bigint }>();
  let [last, total] = ["", 0n];
  reader.list(4, () => {
    const key = element();
    const weight = reader.integer(4);
    const name = bytesToHex(key.encoding);
    demand(name > last, "order of voters");
    demand(weight >= 1n, "weight");
    voters.set(name, { key, weight });
    [last, total] = [name, total + weight];
  });
  demand(voters.size >= 1 && voters.size <= CREDENTIALS_MAX, "number of voters");
  demand(total <= WEIGHT_TOTAL_MAX, "sum of weights");
  return voters;
}

/** The first `threshold` shares give the key at 0 and every other share at its index. */
function checkShares<P>(
  group: Group<P>,
  { key, shares, threshold }: Pick<ReadElection<P>, "key" | "shares" | "threshold">,
): void {
  demand(shares.length >= 1 && shares.length <= TRUSTEES_MAX, "number of trustees");
  demand(threshold >= 1 && threshold <= shares.length, "threshold");
  const indices = shares.slice(0, threshold).map((_, i) => i + 1);
  const points = shares.slice(0, threshold).map(({ point }) => point);
  const valueAt = (at: number) => group.sumOfProducts(points, lagrange(group, indices, at));
  demand(group.equal(valueAt(0), key.point), "trustees' key");
  shares.slice(threshold).forEach(({ point }, i) => {
    demand(group.equal(valueAt(threshold + 1 + i), point), "trustees' shares");
  });
}

/** Weights of values at `indices` in the value at `at`, each by its own inversion. */
export function lagrange<P>(group: Group<P>, indices: readonly number[], at: number): bigint[] {
  return indices.map((index) => {
    let [above, below] = [1n, 1n];
    for (const other of indices) {
      if (other === index) continue;
      above = group.reduce(above * BigInt(at - other));
      below = group.reduce(below * BigInt(index - other));
    }
    return group.reduce(above * group.invert(below));
  });
}
