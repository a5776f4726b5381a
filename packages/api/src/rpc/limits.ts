/** Bounds of the CometBFT RPC server; the defaults of CometBFT's `[rpc]` section name their key. */

/** Body of a request. An upload of 4 MiB is 5.6 MiB in base64; CometBFT allows 1,000,000. */
export const BODY_BYTES_MAX = 10_000_000;
/** `max_open_connections`. */
export const CONNECTIONS_MAX = 900;
/**
 * How long an idle connection is kept. Longer than the minute that clients' pools keep theirs: who
 * closes first must be the client, or its next request meets a connection that is going away.
 */
export const IDLE_CONNECTION_MS = 75_000;
/** Requests of one batch; CosmJS sends up to 20. */
export const BATCH_REQUESTS_MAX = 100;
/** `max_subscription_clients`. */
export const SUBSCRIPTION_CLIENTS_MAX = 100;
/** `max_subscriptions_per_client`; CometBFT has 5, which wallets with many accounts exceed. */
export const SUBSCRIPTIONS_PER_CLIENT_MAX = 100;
/** `timeout_broadcast_tx_commit`. */
export const BROADCAST_COMMIT_TIMEOUT_MS = 10_000;
/** Unsent bytes after which a subscriber counts as too slow and is cut off. */
export const SUBSCRIBER_BACKLOG_BYTES_MAX = 32 * 1024 * 1024;
/** Between pings of a WebSocket; one that answers none in this time is closed. */
export const WEBSOCKET_PING_MS = 27_000;
/** Entries of a page without and with `per_page` (core.defaultPerPage; 1,000 as in Secret's fork). */
export const PER_PAGE_DEFAULT = 30;
export const PER_PAGE_MAX = 1_000;
/** Headers that `blockchain` answers at most. */
export const BLOCKCHAIN_HEADERS_MAX = 20n;
/** Bytes of a chunk of the genesis document (core.genesisChunkSize). */
export const GENESIS_CHUNK_BYTES = 16 * 1024 * 1024;
