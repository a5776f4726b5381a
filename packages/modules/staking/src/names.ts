/** Module accounts that hold staked coins. */

/** Coins of validators in the active set. */
export const bondedPoolName = "bonded_tokens_pool";
/** Coins of all others, and those being unbonded. */
export const notBondedPoolName = "not_bonded_tokens_pool";
