/** The circuit breaker's checks, for whoever composes a chain here. */
export { circuitGuard, refuseTrippedTypes } from "@tacit/module-circuit";
