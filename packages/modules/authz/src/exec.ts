/** MsgExec: messages of others, each allowed by its signer. */
import { equalBytes, toCompactText } from "@tacit/encoding";
import { type MsgExec, MsgExecSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/tx";
import {
  type Context,
  EventManager,
  type MessageRoute,
  sdkErrors,
  withAttribute,
  wrapError,
} from "@tacit/sdk";
import { authzErrors } from "./errors.ts";
import type { AuthzKeeper } from "./keeper.ts";
import { messageTextMax, nestedExecMax } from "./limits.ts";

interface InnerMessage {
  readonly typeUrl: string;
  readonly value: unknown;
  readonly route: MessageRoute<unknown>;
}

const execUrl = `/${MsgExecSchema.typeName}`;

/** @throws {SdkError} `authz/2`, `authz/6`, `authz/9`, and whatever an inner message fails with. */
export function exec(context: Context, message: MsgExec, keeper: AuthzKeeper) {
  const grantee = granteeOf(message, keeper);
  if (message.msgs.length === 0) throw sdkErrors.invalidRequest.wrap("messages cannot be empty");
  const inner = innerMessages(message, keeper, 0);
  for (const [index, { route, value }] of inner.entries()) {
    try {
      route.validateBasic?.(value);
    } catch (error) {
      throw wrapError(error, `msg ${index}`);
    }
  }
  const results = inner.map((one, index) => {
    authorize(context, grantee, one, keeper);
    return run(context, one, index);
  });
  return { results };
}

function granteeOf({ grantee }: MsgExec, keeper: AuthzKeeper): Uint8Array {
  try {
    return keeper.options.accounts.addresses.toBytes(grantee);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid grantee address: ${(error as Error).message}`);
  }
}

/** Decodes the messages, those of nested MsgExec too, so that depth is judged before work. */
function innerMessages(message: MsgExec, keeper: AuthzKeeper, depth: number): InnerMessage[] {
  if (depth >= nestedExecMax) throw sdkErrors.invalidRequest.wrap("messages are nested too deeply");
  const { messages, types } = keeper.options;
  return message.msgs.map(({ typeUrl, value: bytes }) => {
    const route = messages.route(typeUrl);
    if (route === undefined) {
      throw sdkErrors.unknownRequest.wrap(`unrecognized message route: ${typeUrl}`);
    }
    const value = route.decode(bytes, types);
    if (typeUrl === execUrl) innerMessages(value as MsgExec, keeper, depth + 1);
    return { typeUrl, value, route };
  });
}

/** One's own messages need no grant. */
function authorize(
  context: Context,
  grantee: Uint8Array,
  message: InnerMessage,
  keeper: AuthzKeeper,
): void {
  const [granter, ...others] = message.route.signers(message.value);
  if (granter === undefined || others.length > 0) throw authzErrors.signersNumber.make();
  if (equalBytes(granter, grantee)) return;
  const pair = { granter, grantee };
  const { typeUrl } = message;
  const grant = keeper.getGrant(context, pair, typeUrl);
  if (grant === undefined) {
    const { toText } = keeper.options.accounts.addresses;
    throw authzErrors.noAuthorization.wrap(
      `failed to get grant with given granter: ${toText(granter)}, grantee: ${toText(grantee)} & msgType: ${typeUrl} `,
    );
  }
  const { expiration } = grant;
  if (expiration !== undefined) {
    const endNs = expiration.seconds * 1_000_000_000n + BigInt(expiration.nanos);
    if (endNs < context.timeNs) throw authzErrors.expired.make();
  }
  const accepted = keeper.read(grant.authorization).accept(context, message);
  if (accepted.kind === "delete") keeper.deleteGrant(context, pair, typeUrl);
  if (accepted.kind === "update") keeper.updateGrant(context, pair, accepted.authorization);
}

/** Runs a message on the same branch; its events say which one it was. */
function run(context: Context, { route, value, typeUrl }: InnerMessage, index: number): Uint8Array {
  const events = new EventManager();
  try {
    const { response } = route.handle(context.with({ events }), value);
    for (const event of events.events) {
      context.events.emit(withAttribute(event, "authz_msg_index", `${index}`));
    }
    return response.value;
  } catch (error) {
    throw wrapError(
      error,
      `failed to execute message; message ${describe(route, value) ?? typeUrl}`,
    );
  }
}

/** The whole message, as the SDK's log has it; absent for one too long to be read there. */
function describe({ schema }: InnerMessage["route"], value: unknown): string | undefined {
  // biome-ignore lint/suspicious/noExplicitAny: a decoded message is of its route's schema
  const text = toCompactText(schema, value as any);
  return text.length > messageTextMax ? undefined : text;
}
