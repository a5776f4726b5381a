export {
  claimRange,
  proveRange,
  RANGE_BITS_MAX,
  type RangeBits,
  type RangeOpening,
  type RangeStatement,
  rangeProofBytes,
  verifyRange,
} from "./range.ts";
