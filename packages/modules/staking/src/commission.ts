/** What validators keep of rewards, and how fast they may change it. */
import { Dec } from "@tacit/encoding";
import type {
  Commission,
  CommissionRates,
  Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PanicError, PlainError, sdkErrors } from "@tacit/sdk";
import { stakingErrors } from "./errors.ts";
import { getParams } from "./params.ts";
import { nanosOf, toTimestamp } from "./times.ts";

export interface ParsedRates {
  readonly rate: Dec;
  readonly maxRate: Dec;
  readonly maxChangeRate: Dec;
}

const DAY_NS = 86_400_000_000_000n;

/** @throws {SdkError} `sdk/18` if none is there; {PanicError} if one is missing, as in Go. */
export function parseRates(rates: CommissionRates | undefined): ParsedRates {
  const texts = [rates?.rate ?? "", rates?.maxRate ?? "", rates?.maxChangeRate ?? ""];
  if (texts.every((text) => text === "")) throw sdkErrors.invalidRequest.wrap("empty commission");
  if (texts.some((text) => text === "")) {
    throw new PanicError("runtime error: invalid memory address or nil pointer dereference");
  }
  const [rate, maxRate, maxChangeRate] = texts.map((text) => Dec.fromWire(text));
  return { rate: rate!, maxRate: maxRate!, maxChangeRate: maxChangeRate! };
}

/** @throws {SdkError} `staking/9` to `staking/14` */
export function assertCommissionRates({ rate, maxRate, maxChangeRate }: ParsedRates): void {
  if (maxRate.isNegative) throw stakingErrors.commissionNegative.make();
  if (Dec.ONE.lessThan(maxRate)) throw stakingErrors.commissionHuge.make();
  if (rate.isNegative) throw stakingErrors.commissionNegative.make();
  if (maxRate.lessThan(rate)) throw stakingErrors.commissionAboveMax.make();
  if (maxChangeRate.isNegative) throw stakingErrors.changeRateNegative.make();
  if (maxRate.lessThan(maxChangeRate)) throw stakingErrors.changeRateAboveMax.make();
}

/** @throws {SdkError} `staking/9`, `staking/11`, `staking/12`, `staking/15` */
export function changedCommission(context: Context, validator: Validator, rate: Dec): Commission {
  const { commission } = validator;
  const rates = parseRates(commission?.commissionRates);
  if (context.timeNs - nanosOf(commission?.updateTime) < DAY_NS) {
    throw stakingErrors.commissionTooSoon.make();
  }
  if (rate.isNegative) throw stakingErrors.commissionNegative.make();
  if (rates.maxRate.lessThan(rate)) throw stakingErrors.commissionAboveMax.make();
  if (rates.maxChangeRate.lessThan(rate.sub(rates.rate))) {
    throw stakingErrors.commissionChangeTooLarge.make();
  }
  const minimum = Dec.fromWire(getParams(context).minCommissionRate);
  if (rate.lessThan(minimum)) {
    throw new PlainError(
      `cannot set validator commission to less than minimum rate of ${minimum.toString()}`,
    );
  }
  return {
    $typeName: "cosmos.staking.v1beta1.Commission",
    commissionRates: { ...commission!.commissionRates!, rate: rate.toWire() },
    updateTime: toTimestamp(context.time),
  };
}

/** The protobuf text form, which the event of an edit shows. */
export function commissionText(commission: Commission | undefined): string {
  const rates = commission?.commissionRates;
  const { seconds, nanos } = commission?.updateTime ?? { seconds: 0n, nanos: 0 };
  const time = [
    ...(seconds === 0n ? [] : [`seconds:${seconds} `]),
    ...(nanos === 0 ? [] : [`nanos:${nanos} `]),
  ];
  const number = (text: string | undefined) => `"${text || "0"}"`;
  return `commission_rates:<rate:${number(rates?.rate)} max_rate:${number(rates?.maxRate)} max_change_rate:${number(rates?.maxChangeRate)} > update_time:<${time.join("")}> `;
}
