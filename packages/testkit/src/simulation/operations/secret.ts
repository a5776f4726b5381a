/** Secret's small modules: schedules and the button that pauses IBC. */
import {
  MsgUpdateParamsSchema as CronMsgUpdateParamsSchema,
  MsgAddScheduleSchema,
  MsgRemoveScheduleSchema,
} from "@tacit/encoding/proto/secret/cron/tx";
import {
  MsgUpdateParamsSchema as ButtonMsgUpdateParamsSchema,
  MsgToggleIbcSwitchSchema,
} from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/tx";
import { governed, type Operation, operation } from "../world.ts";

const addSchedule = governed(MsgAddScheduleSchema, 2, (world) => {
  const contract = world.random.pickIfAny([...world.state.entries("compute", 0x02)]);
  if (contract === undefined) return undefined;
  return {
    authority: world.authority,
    name: `schedule ${world.random.below(5)}`,
    period: BigInt(world.random.between(1, 20)),
    msgs: [
      {
        contract: world.addresses.toText(contract.key),
        msg: world.contracts.plaintext({ increment: {} }),
      },
    ],
  };
});

const removeSchedule = governed(MsgRemoveScheduleSchema, 1, (world) => ({
  authority: world.authority,
  name: `schedule ${world.random.below(5)}`,
}));

const updateCron = governed(CronMsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  params: { securityAddress: "", limit: BigInt(world.random.between(1, 5)) },
}));

/** The third user may press it. */
const toggle = operation(MsgToggleIbcSwitchSchema, 1, (world) => {
  const by = world.random.chance(3, 4) ? world.people[2]! : world.anyone();
  return { by, message: { sender: world.text(by) } };
});

const updateButton = governed(ButtonMsgUpdateParamsSchema, 1, (world) => ({
  authority: world.authority,
  params: { switchStatus: "on", pauserAddress: world.text(world.people[2]!) },
}));

export const secretOperations: readonly Operation[] = [
  addSchedule,
  removeSchedule,
  updateCron,
  toggle,
  updateButton,
];
