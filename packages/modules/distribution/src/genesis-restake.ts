/** The entries of restaking in genesis: `{ delegator_address, validator_address }` each. */
import { type Context, type JsonValue, PlainError } from "@tacit/sdk";
import type { DistributionEnvironment } from "./environment.ts";
import { addressAt, distributionStoreName, restakeRange } from "./keys.ts";
import { setRestaking } from "./restake.ts";

const field = "restake_entries";

/** In the order of their keys. */
export function exportRestakers(env: DistributionEnvironment, context: Context): JsonValue[] {
  const store = context.kvStore(distributionStoreName);
  return Array.from(store.iterator(...restakeRange), ([key]) => {
    const { address: delegator, end } = addressAt(key, 1);
    return {
      delegator_address: env.addresses.toText(delegator),
      validator_address: env.staking.operators.toText(addressAt(key, end).address),
    };
  });
}

/** Apart from what the messages know; where nobody restakes, they refuse the field themselves. */
export function splitRestakers(
  env: DistributionEnvironment,
  json: JsonValue,
): { readonly known: JsonValue; readonly restakers: JsonValue | undefined } {
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  if (!env.restakes || !isObject) return { known: json, restakers: undefined };
  const { [field]: restakers, ...known } = json as { readonly [name: string]: JsonValue };
  return { known, restakers };
}

/** Of a delegation that is not there an entry is dropped when it is first tried. @throws {PlainError} */
export function importRestakers(
  env: DistributionEnvironment,
  context: Context,
  entries: JsonValue | undefined,
): void {
  if (entries === undefined) return;
  if (!Array.isArray(entries)) throw new PlainError(`distribution genesis: ${field} is no list`);
  for (const entry of entries) {
    const { delegator_address: delegator, validator_address: operator } = (entry ?? {}) as {
      readonly [name: string]: JsonValue;
    };
    if (typeof delegator !== "string" || typeof operator !== "string") {
      throw new PlainError(`distribution genesis: ${field} without an address`);
    }
    setRestaking(context, {
      delegator: env.addresses.toBytes(delegator),
      operator: env.staking.operators.toBytes(operator),
    });
  }
}
