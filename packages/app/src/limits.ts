/** Bounds of the application's queues and retries. */
export const limits = {
  /** How often one block may be begun again because the enclave died. */
  blockAttempts: 5,
  /** How often a question to the enclave is asked because it died. */
  queryAttempts: 2,
  /** Gas of a query that names no limit of its own: enough for any page, not for a loop. */
  queryGas: 1_000_000_000n,
  /** Requests that may wait for a query thread, all threads together. */
  waitingQueries: 2_000,
  /** Of these, how many may be one client's, unless the operator says otherwise. */
  waitingQueriesPerClient: 500,
  /** Clients whose use of the query threads is remembered. */
  queryClients: 4_096,
  /** What a query costs in its client's account beside its gas. */
  queryBaseCost: 1_000,
  /** What a query that was stopped for its time costs: as much as the dearest by its gas. */
  stoppedQueryCost: 10_000_000,
  /** Transactions that may wait for their check. */
  waitingChecks: 10_000,
  /** Checks handed to the block thread at once; a block waits for no more of them than these. */
  checksUnderWay: 16,
  /** Bytes of keys and values in one subspace answer. */
  subspaceBytes: 16 * 1024 * 1024,
  /** Bytes of a query's request. */
  queryBytes: 4 * 1024 * 1024,
} as const;
