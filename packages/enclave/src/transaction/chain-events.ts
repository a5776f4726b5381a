import { createRequire } from "node:module";
import type { IbcPacket } from "@tacit/enclave-channel";
import { decodeMessage, fromBech32 } from "@tacit/encoding";
import type { Packet } from "@tacit/encoding/proto/ibc/core/channel/v1/channel";

interface Relayed {
  /** Address of the relayer, who signs. */
  readonly sender: Uint8Array;
  /** The same in bech32, as the message has it. */
  readonly relayer: string;
}

/** A packet that came, or what became of one that was sent. */
export interface PacketEvent extends Relayed {
  readonly kind: "packet";
  readonly what: "receive" | "ack" | "timeout";
  readonly packet: IbcPacket;
  /** Empty unless it is an acknowledgement. */
  readonly acknowledgement: Uint8Array;
}

/** A step of a channel's opening or closing. */
export interface ChannelEvent extends Relayed {
  readonly kind: "channel";
  /** The name under which contracts know it. */
  readonly step: string;
  readonly portId: string;
  /** Unknown before the channel is there. */
  readonly channelId: string | undefined;
  readonly counterpartyVersion: string | undefined;
}

/** What a transaction brings to contracts of other chains. */
export type ChainEvent = PacketEvent | ChannelEvent;

const PREFIX = "/ibc.core.channel.v1.Msg";

type Messages = typeof import("@tacit/encoding/proto/ibc/core/channel/v1/tx");

let loaded: Messages | undefined;

/** Loaded when the first of them comes: every start of the enclave would pay for them. */
function messageTypes(): Messages {
  const load = createRequire(import.meta.url);
  loaded ??= load("@tacit/encoding/proto/ibc/core/channel/v1/tx") as Messages;
  return loaded;
}

/**
 * Undefined for every other type.
 * @throws {EncodingError} if the bytes are not the message that the type URL says.
 */
export function decodeChainEvent(
  { typeUrl, value }: { readonly typeUrl: string; readonly value: Uint8Array },
  prefix: string,
): ChainEvent | undefined {
  if (!typeUrl.startsWith(PREFIX)) return undefined;
  const types = messageTypes();
  const relayed = (signer: string): Relayed => ({
    sender: fromBech32(prefix, signer),
    relayer: signer,
  });
  switch (typeUrl) {
    case `${PREFIX}RecvPacket`: {
      const { packet, signer } = decodeMessage(types.MsgRecvPacketSchema, value);
      return packetEvent("receive", packet, relayed(signer));
    }
    case `${PREFIX}Acknowledgement`: {
      const { packet, acknowledgement, signer } = decodeMessage(
        types.MsgAcknowledgementSchema,
        value,
      );
      return packetEvent("ack", packet, relayed(signer), acknowledgement);
    }
    case `${PREFIX}Timeout`: {
      const { packet, signer } = decodeMessage(types.MsgTimeoutSchema, value);
      return packetEvent("timeout", packet, relayed(signer));
    }
    case `${PREFIX}TimeoutOnClose`: {
      const { packet, signer } = decodeMessage(types.MsgTimeoutOnCloseSchema, value);
      return packetEvent("timeout", packet, relayed(signer));
    }
    case `${PREFIX}ChannelOpenInit`: {
      const { signer, portId } = decodeMessage(types.MsgChannelOpenInitSchema, value);
      return channelEvent("open_init", relayed(signer), { portId });
    }
    case `${PREFIX}ChannelOpenTry`: {
      const { signer, ...fields } = decodeMessage(types.MsgChannelOpenTrySchema, value);
      const { portId, counterpartyVersion } = fields;
      return channelEvent("open_try", relayed(signer), { portId, counterpartyVersion });
    }
    case `${PREFIX}ChannelOpenAck`: {
      const { signer, ...fields } = decodeMessage(types.MsgChannelOpenAckSchema, value);
      return channelEvent("open_ack", relayed(signer), fields);
    }
    case `${PREFIX}ChannelOpenConfirm`: {
      const { signer, ...fields } = decodeMessage(types.MsgChannelOpenConfirmSchema, value);
      return channelEvent("open_confirm", relayed(signer), fields);
    }
    case `${PREFIX}ChannelCloseInit`: {
      const { signer, ...fields } = decodeMessage(types.MsgChannelCloseInitSchema, value);
      return channelEvent("close_init", relayed(signer), fields);
    }
    case `${PREFIX}ChannelCloseConfirm`: {
      const { signer, ...fields } = decodeMessage(types.MsgChannelCloseConfirmSchema, value);
      return channelEvent("close_confirm", relayed(signer), fields);
    }
    default:
      return undefined;
  }
}

function channelEvent(
  step: string,
  relayed: Relayed,
  fields: {
    readonly portId: string;
    readonly channelId?: string;
    readonly counterpartyVersion?: string;
  },
): ChannelEvent {
  const { portId, channelId, counterpartyVersion } = fields;
  return { kind: "channel", step, ...relayed, portId, channelId, counterpartyVersion };
}

function packetEvent(
  what: PacketEvent["what"],
  packet: Packet | undefined,
  relayed: Relayed,
  acknowledgement: Uint8Array = new Uint8Array(0),
): PacketEvent | undefined {
  if (packet === undefined) return undefined;
  const { sourcePort, sourceChannel, destinationPort, destinationChannel } = packet;
  const { data, sequence, timeoutHeight, timeoutTimestamp } = packet;
  return {
    kind: "packet",
    what,
    ...relayed,
    acknowledgement,
    packet: {
      data,
      source: { portId: sourcePort, channelId: sourceChannel },
      destination: { portId: destinationPort, channelId: destinationChannel },
      sequence,
      timeoutHeight: {
        revision: timeoutHeight?.revisionNumber ?? 0n,
        height: timeoutHeight?.revisionHeight ?? 0n,
      },
      timeoutTimestamp,
    },
  };
}
