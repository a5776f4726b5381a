/** ibc-go's MaximumOwnerLength of a controller's port, in bytes. */
export const OWNER_BYTES_MAX = 2_048;
/** Type URLs that the host lets accounts send; ibc-go has no bound. */
export const ALLOW_MESSAGES_MAX = 10_000;
