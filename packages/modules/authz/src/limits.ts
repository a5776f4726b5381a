/** Bounds and charges. Consensus-critical. @see cosmos-sdk v0.50 x/authz, x/bank, x/staking */

/** Gas for each place of the expiration queue looked at. */
export const gasPerQueueItem = 20n;

/** Gas for each address of an authorization's list looked at. */
export const gasPerListedAddress = 10n;

/** MsgExec inside MsgExec; deeper ones the SDK does not decode. */
export const nestedExecMax = 10;

/** Characters of a failed message in a log. */
export const messageTextMax = 16_384;
