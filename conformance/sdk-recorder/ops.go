package main

import (
	"strings"
	"time"

	sdkmath "cosmossdk.io/math"
	circuittypes "cosmossdk.io/x/circuit/types"
	"cosmossdk.io/x/feegrant"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

func (w *world) context() sdk.Context {
	return w.app.NewUncachedContext(false, cmtproto.Header{ChainID: w.chainID, Height: w.app.LastBlockHeight(), Time: w.time})
}

func (w *world) someone() *account { return &w.accounts[w.rng.Intn(len(w.accounts))] }

func (w *world) amount(most int64) sdk.Coin { return sdk.NewInt64Coin("stake", 1+w.rng.Int63n(most)) }

func (w *world) validator() string {
	list := must(w.app.StakingKeeper.GetAllValidators(w.context()))
	return list[w.rng.Intn(len(list))].OperatorAddress
}

func (w *world) randomTx() ([]byte, string) {
	picked := *w.someone()
	author := &picked
	p, label := w.randomPlan(author)
	if len(p.messages) == 0 || w.leavesOut(label) {
		return nil, ""
	}
	signers := []*account{author}
	if w.rng.Intn(8) == 0 {
		other := *author
		if w.rng.Intn(4) == 0 {
			other = *w.someone()
		}
		second, more := w.randomPlan(&other)
		if len(second.messages) > 0 && !w.leavesOut(more) {
			p.messages, label = append(p.messages, second.messages...), label+" + "+more
			if !other.address.Equals(author.address) {
				signers = append(signers, &other)
			}
		}
	}
	w.pay(&p, signers)
	if p.payer != nil && !p.payer.Equals(author.address) && len(signers) == 1 {
		for i := range w.accounts {
			if w.accounts[i].address.Equals(p.payer) {
				signers = append(signers, &w.accounts[i])
			}
		}
	}
	wrong := w.rng.Intn(60) == 0
	list := []signer{}
	for _, one := range signers {
		stored := w.app.AccountKeeper.GetAccount(w.context(), one.address)
		sequence, known := w.sequences[one.address.String()]
		if !known {
			sequence = stored.GetSequence()
		}
		if wrong {
			sequence += 3
		} else {
			w.sequences[one.address.String()] = sequence + 1
		}
		list = append(list, signer{one, stored.GetAccountNumber(), sequence})
	}
	bytes := must(w.app.TxConfig().TxEncoder()(w.sign(p, list...)))
	if w.wide && w.rng.Intn(6) == 0 {
		for _, one := range list {
			w.sequences[one.account.address.String()] = one.sequence
		}
		broken, fault := w.breakTx(bytes)
		return broken, "broken: " + fault
	}
	return bytes, label
}

// pay chooses gas, fee, who pays it, memo and mode.
func (w *world) pay(p *plan, signers []*account) {
	p.gas = 900_000
	if w.rng.Intn(25) == 0 {
		p.gas = uint64(40_000 + w.rng.Intn(80_000))
	}
	p.fee = sdk.NewCoins()
	if w.rng.Intn(4) > 0 {
		p.fee = sdk.NewCoins(w.amount(5000))
	}
	if w.rng.Intn(12) == 0 {
		p.fee = p.fee.Add(sdk.NewInt64Coin("token", 1+w.rng.Int63n(50)))
	}
	if w.rng.Intn(40) == 0 {
		p.granter = w.someone().address
	}
	w.app.FeeGrantKeeper.IterateAllFeeAllowances(w.context(), func(grant feegrant.Grant) bool {
		if grant.Grantee == signers[0].address.String() && w.rng.Intn(2) == 0 {
			p.granter = must(sdk.AccAddressFromBech32(grant.Granter))
		}
		return p.granter != nil
	})
	p.amino = w.rng.Intn(3) == 0
	if w.rng.Intn(6) == 0 {
		p.memo = "memo <&> ü"
	}
	switch w.rng.Intn(40) {
	case 0:
		p.timeout = uint64(w.app.LastBlockHeight())
	case 1:
		p.timeout = uint64(w.app.LastBlockHeight() + 50)
	case 2:
		p.memo = strings.Repeat("long ", 60)
	case 3, 4:
		p.payer = w.someone().address
	}
	for _, one := range signers {
		if len(one.members) > 0 {
			p.amino, p.payer = true, nil
		}
	}
	p.aux = w.wide && !p.amino && p.payer == nil && w.rng.Intn(3) > 0
}

func (w *world) randomPlan(signer *account) (plan, string) {
	self := signer.address.String()
	one := func(label string, message sdk.Msg) (plan, string) { return plan{messages: []sdk.Msg{message}}, label }
	if w.governance && w.rng.Intn(2) == 0 {
		return w.govern(signer)
	}
	if w.wide && w.rng.Intn(2) == 0 {
		return w.stretch(signer)
	}
	operator := w.validator()
	other := w.someone().address
	switch w.rng.Intn(48) {
	case 0, 1:
		amount := sdk.NewCoins(w.amount(5_000_000))
		if w.rng.Intn(3) == 0 {
			amount = amount.Add(sdk.NewInt64Coin([]string{"token", "coral", "nothere"}[w.rng.Intn(3)], 1+w.rng.Int63n(90)))
		}
		return one("bank.send", &banktypes.MsgSend{FromAddress: self, ToAddress: other.String(), Amount: amount})
	case 2:
		w.fresh++
		return one("bank.send fresh", &banktypes.MsgSend{FromAddress: self, ToAddress: sdk.AccAddress(digest(w.chainID, w.fresh)[:20]).String(), Amount: sdk.NewCoins(w.amount(1000))})
	case 3:
		return one("bank.send module", &banktypes.MsgSend{FromAddress: self, ToAddress: authtypes.NewModuleAddress([]string{"distribution", "gov", "mint", "fee_collector"}[w.rng.Intn(4)]).String(), Amount: sdk.NewCoins(w.amount(1000))})
	case 4:
		a, b := w.amount(1000), w.amount(9000)
		return one("bank.multisend", &banktypes.MsgMultiSend{
			Inputs:  []banktypes.Input{{Address: self, Coins: sdk.NewCoins(a.Add(b))}},
			Outputs: []banktypes.Output{{Address: other.String(), Coins: sdk.NewCoins(a)}, {Address: w.someone().address.String(), Coins: sdk.NewCoins(b)}},
		})
	case 5, 6, 7:
		return one("staking.delegate", stakingtypes.NewMsgDelegate(self, operator, w.amount(80_000_000)))
	case 8, 9, 10:
		delegations := must(w.app.StakingKeeper.GetDelegatorDelegations(w.context(), signer.address, 20))
		if len(delegations) == 0 {
			return plan{}, ""
		}
		operator = delegations[w.rng.Intn(len(delegations))].ValidatorAddress
		amount := w.delegated(signer, operator)
		switch w.rng.Intn(5) {
		case 0:
		case 1:
			amount = amount.AddRaw(1)
		default:
			amount = amount.QuoRaw(2 + w.rng.Int63n(20)).AddRaw(1)
		}
		return one("staking.undelegate", stakingtypes.NewMsgUndelegate(self, operator, sdk.NewCoin("stake", amount)))
	case 11, 12, 13:
		delegations := must(w.app.StakingKeeper.GetDelegatorDelegations(w.context(), signer.address, 20))
		if len(delegations) == 0 {
			return plan{}, ""
		}
		from := delegations[w.rng.Intn(len(delegations))].ValidatorAddress
		amount := w.delegated(signer, from)
		if w.rng.Intn(4) > 0 {
			amount = amount.QuoRaw(2 + w.rng.Int63n(9)).AddRaw(1)
		}
		return one("staking.redelegate", stakingtypes.NewMsgBeginRedelegate(self, from, operator, sdk.NewCoin("stake", amount)))
	case 14:
		list := must(w.app.StakingKeeper.GetUnbondingDelegations(w.context(), signer.address, 20))
		if len(list) == 0 {
			return plan{}, ""
		}
		unbonding := list[w.rng.Intn(len(list))]
		entry := unbonding.Entries[w.rng.Intn(len(unbonding.Entries))]
		amount := entry.Balance
		if w.rng.Intn(2) == 0 {
			amount = amount.QuoRaw(2).AddRaw(1)
		}
		return one("staking.cancel-unbonding", stakingtypes.NewMsgCancelUnbondingDelegation(self, unbonding.ValidatorAddress, entry.CreationHeight, sdk.NewCoin("stake", amount)))
	case 15:
		if _, err := w.app.StakingKeeper.GetValidator(w.context(), sdk.ValAddress(signer.address)); err == nil && w.rng.Intn(5) > 0 {
			return plan{}, ""
		}
		return one("staking.create-validator", w.createValidator(signer, 1_000_000+w.rng.Int63n(400_000_000)))
	case 16:
		rate := dec("0.01").MulInt64(int64(w.rng.Intn(15)))
		minimum := sdkmath.NewInt(w.rng.Int63n(20_000_000))
		message := &stakingtypes.MsgEditValidator{Description: stakingtypes.Description{Moniker: "new", Identity: "[do-not-modify]", Website: "[do-not-modify]", SecurityContact: "a@example.com", Details: "[do-not-modify]"}, ValidatorAddress: signer.operator()}
		if w.rng.Intn(2) == 0 {
			message.CommissionRate = &rate
		}
		if w.rng.Intn(2) == 0 {
			message.MinSelfDelegation = &minimum
		}
		return one("staking.edit-validator", message)
	case 17:
		return one("distribution.set-withdraw", distrtypes.NewMsgSetWithdrawAddress(signer.address, other))
	case 18, 19:
		delegations := must(w.app.StakingKeeper.GetDelegatorDelegations(w.context(), signer.address, 20))
		if len(delegations) > 0 && w.rng.Intn(6) > 0 {
			operator = delegations[w.rng.Intn(len(delegations))].ValidatorAddress
		}
		return one("distribution.withdraw", distrtypes.NewMsgWithdrawDelegatorReward(self, operator))
	case 20:
		return one("distribution.commission", distrtypes.NewMsgWithdrawValidatorCommission(signer.operator()))
	case 21:
		return one("distribution.fund", distrtypes.NewMsgFundCommunityPool(sdk.NewCoins(w.amount(100_000), sdk.NewInt64Coin("token", 3)), self))
	case 22:
		return one("distribution.deposit-rewards", distrtypes.NewMsgDepositValidatorRewardsPool(self, operator, sdk.NewCoins(w.amount(100_000))))
	case 23, 24:
		for _, a := range w.accounts {
			if v, err := w.app.StakingKeeper.GetValidator(w.context(), sdk.ValAddress(a.address)); err == nil && v.Jailed {
				*signer = a
				return one("slashing.unjail", slashingtypes.NewMsgUnjail(a.operator()))
			}
		}
		return one("slashing.unjail", slashingtypes.NewMsgUnjail(signer.operator()))
	case 25, 26, 27, 28:
		return w.submit(self)
	case 29, 30, 31, 32, 33, 44, 45, 46:
		return w.vote(self)
	case 34:
		return one("gov.deposit", &govv1.MsgDeposit{ProposalId: w.active(), Depositor: self, Amount: sdk.NewCoins(w.amount(6000))})
	case 35:
		if w.rng.Intn(2) == 0 {
			return one("gov.deposit v1beta1", govv1beta1.NewMsgDeposit(signer.address, w.proposal(), sdk.NewCoins(w.amount(6000))))
		}
		id := w.proposal()
		if p, err := w.app.GovKeeper.Proposals.Get(w.context(), id); err == nil {
			if w.rng.Intn(4) > 0 {
				w.become(signer, p.Proposer)
				self = p.Proposer
			}
		}
		return one("gov.cancel", govv1.NewMsgCancelProposal(id, self))
	case 36, 37:
		return w.grant(signer, other, operator)
	case 38, 47:
		return w.exec(signer, operator)
	case 39:
		grants := []authz.GrantAuthorization{}
		w.app.AuthzKeeper.IterateGrants(w.context(), func(from, to sdk.AccAddress, grant authz.Grant) bool {
			grants = append(grants, authz.GrantAuthorization{Granter: from.String(), Grantee: to.String()})
			return false
		})
		if len(grants) > 0 && w.rng.Intn(4) > 0 {
			one := grants[w.rng.Intn(len(grants))]
			w.become(signer, one.Granter)
			other = must(sdk.AccAddressFromBech32(one.Grantee))
		}
		message := authz.NewMsgRevoke(signer.address, other, sdk.MsgTypeURL(&banktypes.MsgSend{}))
		return one("authz.revoke", &message)
	case 40:
		return w.feeGrant(signer, other)
	case 41:
		w.app.FeeGrantKeeper.IterateAllFeeAllowances(w.context(), func(grant feegrant.Grant) bool {
			if w.rng.Intn(3) == 0 {
				w.become(signer, grant.Granter)
				other = must(sdk.AccAddressFromBech32(grant.Grantee))
			}
			return false
		})
		message := feegrant.NewMsgRevokeAllowance(signer.address, other)
		return one("feegrant.revoke", &message)
	case 42:
		w.fresh++
		to := sdk.AccAddress(digest(w.chainID, w.fresh)[:20])
		if w.rng.Intn(4) == 0 {
			to = other
		}
		switch w.rng.Intn(3) {
		case 0:
			return one("vesting.create", vestingtypes.NewMsgCreateVestingAccount(signer.address, to, sdk.NewCoins(w.amount(10_000)), w.time.Unix()+w.rng.Int63n(100), w.rng.Intn(2) == 0))
		case 1:
			return one("vesting.locked", vestingtypes.NewMsgCreatePermanentLockedAccount(signer.address, to, sdk.NewCoins(w.amount(10_000))))
		default:
			return one("vesting.periodic", vestingtypes.NewMsgCreatePeriodicVestingAccount(signer.address, to, w.time.Unix(), []vestingtypes.Period{{Length: 1 + w.rng.Int63n(60), Amount: coins(500)}, {Length: 9, Amount: coins(700)}}))
		}
	default:
		for _, a := range w.accounts {
			if allowed, err := w.app.CircuitKeeper.Permissions.Get(w.context(), a.address); err == nil && allowed.Level > 0 {
				w.become(signer, a.address.String())
				self = signer.address.String()
			}
		}
		if w.rng.Intn(2) == 0 {
			return one("circuit.trip", &circuittypes.MsgTripCircuitBreaker{Authority: self, MsgTypeUrls: []string{"/cosmos.bank.v1beta1.MsgMultiSend"}})
		}
		return one("circuit.reset", &circuittypes.MsgResetCircuitBreaker{Authority: self, MsgTypeUrls: []string{"/cosmos.bank.v1beta1.MsgMultiSend"}})
	}
}

func (w *world) become(signer *account, address string) {
	for _, a := range w.accounts {
		if a.address.String() == address {
			*signer = a
		}
	}
}

// delegated is what an account has with a validator; of the rock's own only a small part.
func (w *world) delegated(a *account, operator string) sdkmath.Int {
	if operator == w.accounts[0].operator() && a.operator() == operator {
		return sdkmath.NewInt(100_000)
	}
	address := must(sdk.ValAddressFromBech32(operator))
	validator, err := w.app.StakingKeeper.GetValidator(w.context(), address)
	if err != nil {
		return sdkmath.NewInt(1)
	}
	delegation, err := w.app.StakingKeeper.GetDelegation(w.context(), a.address, address)
	if err != nil {
		return sdkmath.NewInt(1)
	}
	if validator.DelegatorShares.IsZero() {
		return sdkmath.NewInt(1)
	}
	amount := validator.TokensFromShares(delegation.Shares).TruncateInt()
	if amount.IsZero() {
		return sdkmath.NewInt(1)
	}
	return amount
}

func (w *world) proposal() uint64 {
	next := must(w.app.GovKeeper.ProposalID.Peek(w.context()))
	if w.rng.Intn(10) == 0 {
		return next + 5
	}
	back := uint64(w.rng.Intn(7))
	if back >= next {
		return next
	}
	return next - back
}

// active gives a proposal that is being voted on, if there is one.
func (w *world) active() uint64 {
	ids := []uint64{}
	next := must(w.app.GovKeeper.ProposalID.Peek(w.context()))
	for id := uint64(1); id < next; id++ {
		if proposal, err := w.app.GovKeeper.Proposals.Get(w.context(), id); err == nil && proposal.Status == govv1.StatusVotingPeriod {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || w.rng.Intn(12) == 0 {
		return w.proposal()
	}
	return ids[w.rng.Intn(len(ids))]
}

func (w *world) vote(self string) (plan, string) {
	id := w.active()
	options := []govv1.VoteOption{govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionNo, govv1.OptionAbstain, govv1.OptionNoWithVeto}
	option := options[w.rng.Intn(len(options))]
	voter := must(sdk.AccAddressFromBech32(self))
	switch w.rng.Intn(5) {
	case 0:
		return plan{messages: []sdk.Msg{govv1beta1.NewMsgVote(voter, id, govv1beta1.VoteOption(option))}}, "gov.vote v1beta1"
	case 1:
		return plan{messages: []sdk.Msg{govv1.NewMsgVoteWeighted(voter, id, govv1.WeightedVoteOptions{
			{Option: option, Weight: "0.700000000000000000"}, {Option: options[w.rng.Intn(len(options))], Weight: "0.300000000000000000"},
		}, "why")}}, "gov.vote-weighted"
	case 2:
		return plan{messages: []sdk.Msg{govv1beta1.NewMsgVoteWeighted(voter, id, govv1beta1.WeightedVoteOptions{
			{Option: govv1beta1.OptionYes, Weight: dec("0.5")}, {Option: govv1beta1.OptionAbstain, Weight: dec("0.5")},
		})}}, "gov.vote-weighted v1beta1"
	default:
		return plan{messages: []sdk.Msg{govv1.NewMsgVote(voter, id, option, "")}}, "gov.vote"
	}
}

func (w *world) grant(signer *account, other sdk.AccAddress, operator string) (plan, string) {
	var authorization authz.Authorization
	switch w.rng.Intn(4) {
	case 0:
		authorization = banktypes.NewSendAuthorization(coins(100_000), nil)
	case 1:
		authorization = banktypes.NewSendAuthorization(coins(100_000), []sdk.AccAddress{w.accounts[0].address, w.accounts[1].address})
	case 2:
		limit := w.amount(50_000_000)
		list := []sdk.ValAddress{must(sdk.ValAddressFromBech32(operator))}
		kind := []stakingtypes.AuthorizationType{stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_DELEGATE, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_UNDELEGATE, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_REDELEGATE}[w.rng.Intn(3)]
		authorization = must(stakingtypes.NewStakeAuthorization(list, nil, kind, &limit))
	default:
		urls := []sdk.Msg{&distrtypes.MsgWithdrawDelegatorReward{}, &govv1.MsgVote{}, &stakingtypes.MsgDelegate{}, &banktypes.MsgSend{}}
		authorization = authz.NewGenericAuthorization(sdk.MsgTypeURL(urls[w.rng.Intn(len(urls))]))
	}
	var expires *time.Time
	if w.rng.Intn(3) > 0 {
		at := w.time.Add(time.Duration(w.rng.Intn(120)-5) * time.Second)
		expires = &at
	}
	message, err := authz.NewMsgGrant(signer.address, other, authorization, expires)
	if err != nil {
		panic(err)
	}
	return plan{messages: []sdk.Msg{message}}, "authz.grant"
}

func (w *world) exec(signer *account, operator string) (plan, string) {
	granter, url := w.someone().address, ""
	type known struct{ granter, grantee, url string }
	grants := []known{}
	w.app.AuthzKeeper.IterateGrants(w.context(), func(from, to sdk.AccAddress, grant authz.Grant) bool {
		grants = append(grants, known{from.String(), to.String(), must(grant.GetAuthorization()).MsgTypeURL()})
		return false
	})
	if len(grants) > 0 && w.rng.Intn(8) > 0 {
		picked := grants[w.rng.Intn(len(grants))]
		granter, url = must(sdk.AccAddressFromBech32(picked.granter)), picked.url
		w.become(signer, picked.grantee)
	}
	from := granter.String()
	messages := []sdk.Msg{
		&banktypes.MsgSend{FromAddress: from, ToAddress: w.accounts[w.rng.Intn(3)].address.String(), Amount: sdk.NewCoins(w.amount(40_000))},
		stakingtypes.NewMsgDelegate(from, operator, w.amount(1_000_000)),
		distrtypes.NewMsgWithdrawDelegatorReward(from, operator),
		govv1.NewMsgVote(granter, w.active(), govv1.OptionYes, ""),
		stakingtypes.NewMsgUndelegate(from, operator, w.amount(1_000_000)),
		stakingtypes.NewMsgBeginRedelegate(from, w.accounts[0].operator(), operator, w.amount(1_000_000)),
	}
	fitting := []sdk.Msg{}
	for _, message := range messages {
		if url == "" || sdk.MsgTypeURL(message) == url {
			fitting = append(fitting, message)
		}
	}
	if len(fitting) == 0 {
		return plan{}, ""
	}
	picked := []sdk.Msg{fitting[w.rng.Intn(len(fitting))]}
	if w.rng.Intn(4) == 0 {
		picked = append(picked, fitting[w.rng.Intn(len(fitting))])
	}
	message := authz.NewMsgExec(signer.address, picked)
	return plan{messages: []sdk.Msg{&message}}, "authz.exec"
}

func (w *world) feeGrant(signer *account, other sdk.AccAddress) (plan, string) {
	at := w.time.Add(time.Duration(w.rng.Intn(200)) * time.Second)
	basic := feegrant.BasicAllowance{SpendLimit: coins(20_000)}
	if w.rng.Intn(2) == 0 {
		basic.Expiration = &at
	}
	var allowance feegrant.FeeAllowanceI = &basic
	switch w.rng.Intn(3) {
	case 0:
		allowance = &feegrant.PeriodicAllowance{Basic: basic, Period: 20 * time.Second, PeriodSpendLimit: coins(6000), PeriodCanSpend: coins(6000), PeriodReset: w.time.Add(20 * time.Second)}
	case 1:
		allowance = must(feegrant.NewAllowedMsgAllowance(&basic, []string{"/cosmos.bank.v1beta1.MsgSend", "/cosmos.staking.v1beta1.MsgDelegate"}))
	}
	return plan{messages: []sdk.Msg{must(feegrant.NewMsgGrantAllowance(allowance, signer.address, other))}}, "feegrant.grant"
}

func (w *world) leavesOut(label string) bool {
	for _, start := range strings.Split(w.without, ",") {
		if start != "" && strings.HasPrefix(label, start) {
			return true
		}
	}
	return false
}
