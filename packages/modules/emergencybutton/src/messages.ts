/** Turning the switch, and governing who may. */
import {
  type MsgToggleIbcSwitch,
  MsgToggleIbcSwitchResponseSchema,
  MsgToggleIbcSwitchSchema,
  type MsgUpdateParams,
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/tx";
import {
  type AddressCodec,
  type Context,
  type MessageRouter,
  messageRoute,
  sdkErrors,
} from "@tacit/sdk";
import { emergencyButtonErrors } from "./errors.ts";
import { getParams, setParams } from "./keeper.ts";

export interface EmergencyButtonOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the governance account. */
  readonly authority: string;
}

export function registerMessages(messages: MessageRouter, options: EmergencyButtonOptions): void {
  const { addresses } = options;
  messages.register(
    messageRoute({
      schema: MsgToggleIbcSwitchSchema,
      response: MsgToggleIbcSwitchResponseSchema,
      signers: ({ sender }) => [addresses.toBytes(sender)],
      handle: (context, message) => toggle(options, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgUpdateParamsSchema,
      response: MsgUpdateParamsResponseSchema,
      signers: ({ authority }) => [addresses.toBytes(authority)],
      handle: (context, message) => updateParams(options, context, message),
    }),
  );
}

/** The store is read as often as upstream reads it: reads are gas. */
function toggle(
  { addresses }: EmergencyButtonOptions,
  context: Context,
  { sender }: MsgToggleIbcSwitch,
) {
  const { pauserAddress } = getParams(context);
  if (pauserAddress === "") {
    throw emergencyButtonErrors.noPauser.wrap(
      "no address is currently approved to toggle emergency button",
    );
  }
  if (pauserAddress !== sender) {
    throw emergencyButtonErrors.mayNotToggle.wrap(
      "this address is not allowed to toggle emergency button",
    );
  }
  const { switchStatus } = getParams(context);
  const params = getParams(context);
  setParams(context, addresses, { ...params, switchStatus: switchStatus === "off" ? "on" : "off" });
  return {};
}

function updateParams(
  { addresses, authority }: EmergencyButtonOptions,
  context: Context,
  message: MsgUpdateParams,
) {
  if (message.authority !== authority) {
    throw emergencyButtonErrors.wrongAuthority.wrap(
      `invalid authority; expected ${authority}, got ${message.authority}`,
    );
  }
  if (message.params === undefined) throw sdkErrors.invalidRequest.wrap("params are missing");
  setParams(context, addresses, message.params);
  return {};
}
