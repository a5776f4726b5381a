/** What this module needs of others. */
import type { Context } from "@tacit/sdk";

export interface CronAccountKeeper {
  getAccount(
    context: Context,
    address: Uint8Array,
  ): { readonly accountNumber: bigint; readonly sequence: bigint } | undefined;
  createAccount(context: Context, address: Uint8Array): void;
}
