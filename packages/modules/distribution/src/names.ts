/** Accounts of modules that this one moves money between. */

export const moduleName = "distribution";
/** Where fees and new coins wait for the next block. */
export const feeCollectorName = "fee_collector";
