/** New coins at the beginning of every block. */
import { Dec } from "@tacit/encoding";
import type { Params } from "@tacit/encoding/proto/cosmos/mint/v1beta1/mint";
import { type Context, createEvent } from "@tacit/sdk";
import type { MintBankKeeper, MintStakingKeeper } from "./expected.ts";
import { getMinter, getParams, setMinter } from "./keeper.ts";

/** Where fees and new coins wait for distribution. */
const feeCollector = "fee_collector";

export interface MintKeepers {
  readonly bank: MintBankKeeper;
  readonly staking: MintStakingKeeper;
}

export function mintBlock({ bank, staking }: MintKeepers, context: Context): void {
  const minter = getMinter(context);
  const params = getParams(context);
  const supply = staking.stakingTokenSupply(context);
  const bondedRatio = staking.bondedRatio(context);
  const inflation = nextInflation(Dec.fromWire(minter.inflation), params, bondedRatio);
  const annual = inflation.mulInt(supply);
  setMinter(context, {
    ...minter,
    inflation: inflation.toWire(),
    annualProvisions: annual.toWire(),
  });
  const amount = annual.quoInt(params.blocksPerYear).truncateInt();
  const coins = amount === 0n ? [] : [{ denom: params.mintDenom, amount }];
  if (coins.length > 0) bank.mintCoins(context, "mint", coins);
  bank.sendCoinsFromModuleToModule(context, "mint", feeCollector, coins);
  context.events.emit(
    createEvent(
      "mint",
      ["bonded_ratio", bondedRatio.toString()],
      ["inflation", inflation.toString()],
      ["annual_provisions", annual.toString()],
      ["amount", amount.toString()],
    ),
  );
}

/** Moves towards the bounds as long as less or more than the goal is bonded. */
export function nextInflation(inflation: Dec, params: Params, bondedRatio: Dec): Dec {
  const aYear = Dec.ONE.sub(bondedRatio.quo(Dec.fromWire(params.goalBonded))).mul(
    Dec.fromWire(params.inflationRateChange),
  );
  const next = inflation.add(aYear.quo(Dec.fromInt(params.blocksPerYear)));
  const max = Dec.fromWire(params.inflationMax);
  const min = Dec.fromWire(params.inflationMin);
  if (max.lessThan(next)) return max.lessThan(min) ? min : max;
  return next.lessThan(min) ? min : next;
}
