/**
 * A simulator behind the interface. **It encrypts nothing**: one process knows every plaintext.
 * It has the sizes of nothing real and the speed of nothing real; what it has is the behaviour:
 * widths, wrap-around, thresholds, requests, and the failures.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { ByteWriter } from "../protocol/codec.ts";
import type {
  FheCiphertext,
  FheDecryptionRequest,
  FheOperation,
  FheWidth,
  ThresholdFhe,
} from "./interface.ts";

/** First byte of every simulated ciphertext, so that none is taken for a real one. */
const SIMULATED = 0x53;

interface Plain {
  readonly value: bigint;
  readonly width: FheWidth;
}

const OPERATIONS: Readonly<Record<FheOperation, (...operands: bigint[]) => bigint>> = {
  add: (a = 0n, b = 0n) => a + b,
  subtract: (a = 0n, b = 0n) => a - b,
  multiply: (a = 0n, b = 0n) => a * b,
  equal: (a = 0n, b = 0n) => (a === b ? 1n : 0n),
  less: (a = 0n, b = 0n) => (a < b ? 1n : 0n),
  select: (choice = 0n, yes = 0n, no = 0n) => (choice === 0n ? no : yes),
};

/** @throws {ThresholdError} `threshold/parameters`. */
export function createFheSimulator(
  options: { readonly threshold: number; readonly holders: number },
  random: RandomBytes = randomBytes,
): ThresholdFhe {
  const { threshold, holders } = options;
  const isSane = Number.isInteger(threshold) && Number.isInteger(holders);
  if (!isSane || threshold < 1 || threshold > holders) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const plaintexts = new Map<string, Plain>();
  const secret = random(32);
  const create = (plain: Plain): FheCiphertext => {
    const ciphertext = concatBytes(Uint8Array.of(SIMULATED), random(31));
    plaintexts.set(String(ciphertext), plain);
    return ciphertext;
  };
  const look = (ciphertext: FheCiphertext): Plain => {
    assertLength(ciphertext, 32, "ciphertext");
    const plain = plaintexts.get(String(ciphertext));
    if (plain === undefined) throw new ThresholdError({ code: "threshold/element" });
    return plain;
  };
  const partBody = (index: number, { ciphertext, requestId }: FheDecryptionRequest): Uint8Array => {
    look(ciphertext);
    assertLength(requestId, 32, "request id");
    if (!Number.isInteger(index) || index < 1 || index > holders) {
      throw new ThresholdError({ code: "threshold/index", index });
    }
    const head = new ByteWriter().unsigned(index, 2).bytes();
    return concatBytes(
      head,
      sha256(concatBytes(utf8("part"), secret, head, ciphertext, requestId)),
    );
  };
  return {
    security: "simulated",
    threshold,
    holders,
    encrypt(value, width) {
      if (value < 0n || value >= 1n << BigInt(width)) {
        throw new ThresholdError({ code: "threshold/range" });
      }
      return create({ value, width });
    },
    evaluate(operation, operands) {
      const plains = operands.map(look);
      const widths = new Set(
        plains.slice(operation === "select" ? 1 : 0).map(({ width }) => width),
      );
      if (plains.length !== (operation === "select" ? 3 : 2) || widths.size !== 1) {
        throw new ThresholdError({ code: "threshold/parameters" });
      }
      const width = (plains.at(-1) as Plain).width;
      const value = OPERATIONS[operation](...plains.map((plain) => plain.value));
      return create({ value: BigInt.asUintN(width, value), width });
    },
    partialDecrypt: (index, request) => ({ index, body: partBody(index, request) }),
    combine(request, partials) {
      const seen = new Set<number>();
      const indices: number[] = [];
      for (const { index, body } of partials) {
        if (seen.has(index)) throw new ThresholdError({ code: "threshold/duplicate_index", index });
        seen.add(index);
        if (!equalBytes(body, partBody(index, request))) indices.push(index);
      }
      if (indices.length > 0) throw new ThresholdError({ code: "threshold/bad_share", indices });
      if (seen.size < threshold) {
        const have = seen.size;
        throw new ThresholdError({ code: "threshold/too_few", have, need: threshold });
      }
      return look(request.ciphertext).value;
    },
  };
}
