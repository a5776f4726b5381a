/** CountTX: numbers the transactions of a block, which contracts see (section 7.4). */
import {
  type AnteDecorator,
  type Context,
  readUint32BigEndian,
  readUint64BigEndian,
  uint64BigEndian,
} from "@tacit/sdk";
import { computeStoreName, txCounterKey } from "./keys.ts";

/**
 * Runs before gas is metered, so it is free. Transactions whose ante checks fail are not counted:
 * their state is dropped. Simulations have no number.
 */
export const countTx: AnteDecorator = (context, tx, isSimulation, next) => {
  if (isSimulation) return next(context, tx, isSimulation);
  const index = readCounter(context);
  context.freeKvStore(computeStoreName).set(txCounterKey, counterBytes(context.height, index + 1));
  if (context.scope !== undefined) context.scope.txIndex = index;
  return next(context, tx, isSimulation);
};

function readCounter(context: Context): number {
  const bytes = context.freeKvStore(computeStoreName).get(txCounterKey);
  if (bytes === undefined || readUint64BigEndian(bytes) !== context.height) return 0;
  return readUint32BigEndian(bytes, 8);
}

/** Height in 8 bytes, count in 4, both big-endian. */
function counterBytes(height: bigint, count: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(uint64BigEndian(height));
  for (let index = 0; index < 4; index++) bytes[8 + index] = count >>> (24 - 8 * index);
  return bytes;
}
