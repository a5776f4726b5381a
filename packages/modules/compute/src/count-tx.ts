/** CountTX: numbers the transactions of a block, which contracts see (section 7.4). */
import {
  type AnteDecorator,
  type Context,
  concatBytes,
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
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(8);
}

function counterBytes(height: bigint, count: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, count);
  return concatBytes(uint64BigEndian(height), bytes);
}
