/** Bounds of REST, gRPC, gRPC-web and the faucet; those of CometBFT's RPC are in rpc/limits.ts. */

/** Request body of REST: 4 MiB of content in base64, and some JSON around it. */
export const BODY_BYTES_MAX = 6 * 1024 * 1024;
/** A body this many times over the limit is not read to its end. */
export const BODY_PATIENCE = 4;
/** Message of gRPC; an upload of 2 MiB of Wasm with room to spare. */
export const MESSAGE_BYTES_MAX = 10 * 1024 * 1024;
/** Fields in fields of a query parameter's name; no request of the chain has more than three. */
export const PARAMETER_DEPTH_MAX = 8;
/** Parameters of a query string; a request has a dozen fields, lists aside. */
export const PARAMETERS_MAX = 1_000;

/** Connections of one port; as the RPC's `max_open_connections`. */
export const CONNECTIONS_MAX = 900;
/** Longer than clients keep idle connections, so that they close first. */
export const KEEP_ALIVE_MS = 65_000;
/** From a connection's first byte to the end of its headers. */
export const HEADERS_MS = 20_000;
/** From there to the end of the body; an upload over a slow line takes its time. */
export const REQUEST_MS = 120_000;
/** Without a byte on a gRPC connection that has nothing to do. */
export const IDLE_SESSION_MS = 600_000;
/** Calls at once on one gRPC connection. */
export const CALLS_PER_SESSION_MAX = 100;

/** Transactions a page when none is asked for, and the most of one page (Secret's bound). */
export const TXS_PER_PAGE_DEFAULT = 100n;
export const TXS_PER_PAGE_MAX = 1_000n;
/** Validators of a page when none is asked for. */
export const VALIDATORS_PER_PAGE_DEFAULT = 100n;
