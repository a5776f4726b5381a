/** Names of module accounts that this module itself uses. */
export const feeCollectorName = "fee_collector";
