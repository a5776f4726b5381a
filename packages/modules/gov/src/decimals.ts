/** Decimals as this module's parameters and votes write them. */
import { Dec } from "@tacit/encoding";
import { PlainError } from "@tacit/sdk";

/**
 * Reads a decimal as the SDK's parser does, which also takes a plus sign and leading zeros.
 * @throws {PlainError} in its words.
 */
export function parseDecimal(text: string): Dec {
  const digits = text.startsWith("-") ? text.slice(1) : text;
  if (digits === "") throw new PlainError("decimal string cannot be empty");
  const [whole = "", places, ...others] = digits.split(".");
  if (others.length > 0) throw new PlainError("invalid decimal string");
  if (places !== undefined && (places === "" || whole === "")) {
    throw new PlainError("invalid decimal length");
  }
  const decimals = places ?? "";
  if (decimals.length > 18) {
    throw new PlainError(
      `value '${digits}' exceeds max precision by ${18 - decimals.length} decimal places: max precision 18`,
    );
  }
  const combined = `${whole}${decimals.padEnd(18, "0")}`;
  if (!/^[+-]?\d+$/.test(combined)) {
    throw new PlainError(`failed to set decimal string with base 10: ${combined}`);
  }
  if (combined.replace(/^[+-]?0*/, "").length > 100) throw outOfRange();
  const atoms = BigInt(combined.replace(/^\+/, ""));
  try {
    return Dec.fromAtoms(digits === text ? atoms : -atoms);
  } catch {
    throw outOfRange();
  }
}

const outOfRange = () => new PlainError("out of range: invalid decimal string");
