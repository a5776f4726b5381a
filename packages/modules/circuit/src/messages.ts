/** Messages of `circuit` and what they do. */
import {
  type MsgAuthorizeCircuitBreaker,
  MsgAuthorizeCircuitBreakerResponseSchema,
  MsgAuthorizeCircuitBreakerSchema,
  type MsgResetCircuitBreaker,
  MsgResetCircuitBreakerResponseSchema,
  MsgResetCircuitBreakerSchema,
  type MsgTripCircuitBreaker,
  MsgTripCircuitBreakerResponseSchema,
  MsgTripCircuitBreakerSchema,
} from "@tacit/encoding/proto/cosmos/circuit/v1/tx";
import { type Permissions, Permissions_Level } from "@tacit/encoding/proto/cosmos/circuit/v1/types";
import {
  type AddressCodec,
  type Context,
  createEvent,
  type MessageRouter,
  messageRoute,
  PlainError,
  sdkErrors,
} from "@tacit/sdk";
import { isTripped } from "./guard.ts";
import { getPermissions, reset, setPermissions, trip } from "./store.ts";

export interface CircuitAuthority {
  readonly addresses: AddressCodec;
  /** Bech32 address of the governance account. */
  readonly authority: string;
}

export function registerMessages(messages: MessageRouter, options: CircuitAuthority): void {
  const { addresses } = options;
  messages.register(
    messageRoute({
      schema: MsgAuthorizeCircuitBreakerSchema,
      response: MsgAuthorizeCircuitBreakerResponseSchema,
      signers: (message) => [addresses.toBytes(message.granter)],
      handle: (context, message) => authorize(context, message, options),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgTripCircuitBreakerSchema,
      response: MsgTripCircuitBreakerResponseSchema,
      signers: (message) => [addresses.toBytes(message.authority)],
      handle: (context, message) => change(context, message, options, "trip"),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgResetCircuitBreakerSchema,
      response: MsgResetCircuitBreakerResponseSchema,
      signers: (message) => [addresses.toBytes(message.authority)],
      handle: (context, message) => change(context, message, options, "reset"),
    }),
  );
}

function authorize(
  context: Context,
  message: MsgAuthorizeCircuitBreaker,
  { addresses, authority }: CircuitAuthority,
) {
  if (message.granter !== authority) {
    const own = getPermissions(context, addresses.toBytes(message.granter));
    if (own?.level !== Permissions_Level.SUPER_ADMIN) {
      throw sdkErrors.unauthorized.wrap("only super admins can authorize users");
    }
  }
  const grantee = addresses.toBytes(message.grantee);
  const { permissions } = message;
  if (permissions === undefined) {
    throw sdkErrors.invalidRequest.wrap("permissions cannot be nil");
  }
  setPermissions(context, grantee, permissions);
  context.events.emit(
    createEvent(
      "authorize_circuit_breaker",
      ["granter", message.granter],
      ["grantee", message.grantee],
      ["permission", permissionsText(permissions)],
    ),
  );
  return { success: true };
}

function change(
  context: Context,
  message: MsgTripCircuitBreaker | MsgResetCircuitBreaker,
  { addresses, authority }: CircuitAuthority,
  what: "trip" | "reset",
) {
  const own = getPermissions(context, addresses.toBytes(message.authority));
  for (const typeUrl of message.msgTypeUrls) {
    if (isTripped(context, typeUrl) === (what === "trip")) {
      const state = what === "trip" ? "already disabled" : "not disabled";
      throw new PlainError(`message ${typeUrl} is ${state}`);
    }
    if (message.authority !== authority) assertMayChange(own, typeUrl, what);
    if (what === "trip") trip(context, typeUrl);
    else reset(context, typeUrl);
  }
  context.events.emit(
    createEvent(
      `${what}_circuit_breaker`,
      ["authority", message.authority],
      ["msg_url", message.msgTypeUrls.join(",")],
    ),
  );
  return { success: true };
}

/** @throws {SdkError} `sdk/4`. */
function assertMayChange(
  own: Permissions | undefined,
  typeUrl: string,
  what: "trip" | "reset",
): void {
  const refusal = `account does not have permission to ${what} circuit breaker`;
  switch (own?.level) {
    case Permissions_Level.SUPER_ADMIN:
    case Permissions_Level.ALL_MSGS:
      return;
    case Permissions_Level.SOME_MSGS:
      if (own.limitTypeUrls.includes(typeUrl)) return;
      throw sdkErrors.unauthorized.wrap(`${refusal} for message ${typeUrl}`);
    default:
      throw sdkErrors.unauthorized.wrap(refusal);
  }
}

const levelNames: readonly string[] = [
  "",
  "LEVEL_SOME_MSGS",
  "LEVEL_ALL_MSGS",
  "LEVEL_SUPER_ADMIN",
];

/** As Go prints the message: fields that are set, each with a space behind it. */
function permissionsText({ level, limitTypeUrls }: Permissions): string {
  const levelText = level === 0 ? "" : `level:${levelNames[level] ?? level} `;
  return levelText + limitTypeUrls.map((url) => `limit_type_urls:${JSON.stringify(url)} `).join("");
}
