/** Bounds of work. Consensus-critical. @see cosmossdk.io/x/feegrant v0.1.1 */

/** Expired allowances removed at the end of a block. */
export const prunedPerBlockMax = 200;

/** Expired allowances that one MsgPruneAllowances removes. */
export const prunedPerMessageMax = 75;

/** Gas for each message type looked at, allowed ones and the transaction's. */
export const gasPerMessageType = 10n;
