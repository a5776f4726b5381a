/** Keys of the `cron` store. @see chain-and-client-api section 5.3 */
import { concatBytes, utf8Bytes } from "@tacit/sdk";

export const cronStoreName = "cron";

export const schedulePrefix = Uint8Array.of(0x01);
export const countKey = Uint8Array.of(0x02);
export const paramsKey = Uint8Array.of(0x03);

export function scheduleKey(name: string): Uint8Array {
  return concatBytes(schedulePrefix, utf8Bytes(name));
}
