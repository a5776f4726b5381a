package main

import (
	"time"

	sdkmath "cosmossdk.io/math"
	circuittypes "cosmossdk.io/x/circuit/types"
	"cosmossdk.io/x/feegrant"
	upgradetypes "cosmossdk.io/x/upgrade/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// stretch makes what --wide adds: messages and failures that other plans do not make.
func (w *world) stretch(signer *account) (plan, string) {
	self := signer.address.String()
	one := func(label string, message sdk.Msg) (plan, string) { return plan{messages: []sdk.Msg{message}}, label }
	other := w.someone().address
	operator := w.validator()
	switch w.rng.Intn(22) {
	case 0, 1:
		return w.vestNewcomer(signer)
	case 2, 3:
		return w.wideGrant(signer, other, operator)
	case 4, 5, 6:
		return w.wideExec(signer, operator)
	case 7:
		return w.wideFeeGrant(signer, other)
	case 8:
		return one("feegrant.prune", &feegrant.MsgPruneAllowances{Pruner: self})
	case 9, 10:
		return one("wide.not-authorized", w.paramsMessage(self))
	case 11, 12, 13, 14:
		*signer = w.accounts[w.rng.Intn(4)]
		messages := []sdk.Msg{w.paramsMessage(authtypes.NewModuleAddress("gov").String())}
		if w.rng.Intn(4) == 0 {
			messages = append(messages, w.paramsMessage(authtypes.NewModuleAddress("gov").String()))
		}
		deposit := sdk.NewCoins(sdk.NewInt64Coin("stake", 9500))
		return one("gov.submit wide", must(govv1.NewMsgSubmitProposal(messages, deposit, signer.address.String(), "", "Title", "Summary", w.rng.Intn(3) == 0)))
	case 15, 16:
		*signer = w.accounts[w.rng.Intn(4)]
		option := []govv1.VoteOption{govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionYes, govv1.OptionNoWithVeto, govv1.OptionAbstain}[w.rng.Intn(6)]
		return one("gov.vote wide", govv1.NewMsgVote(signer.address, w.active(), option, ""))
	case 17:
		return w.wrongAmount(signer, other, operator)
	case 18:
		return w.wrongValidator(signer)
	case 19:
		return one("bank.multisend wide", &banktypes.MsgMultiSend{
			Inputs:  []banktypes.Input{{Address: self, Coins: coins(90)}},
			Outputs: []banktypes.Output{{Address: other.String(), Coins: coins(45)}, {Address: []string{other.String(), authtypes.NewModuleAddress("mint").String()}[w.rng.Intn(2)], Coins: coins(45 + int64(w.rng.Intn(2)))}},
		})
	case 20:
		return w.circuit(signer, other)
	default:
		return one("gov.content by nobody", must(govv1.NewLegacyContent(govv1beta1.NewTextProposal("T", "D"), self)))
	}
}

// vestNewcomer makes a vesting account of a new key, which acts from the next block on.
func (w *world) vestNewcomer(signer *account) (plan, string) {
	w.fresh++
	key := secp256k1.GenPrivKeyFromSecret(digest(w.chainID, "newcomer", w.fresh))
	newcomer := account{key: key}
	if w.rng.Intn(3) == 0 {
		for i := 0; i < 2+w.rng.Intn(4); i++ {
			newcomer.members = append(newcomer.members, secp256k1.GenPrivKeyFromSecret(digest(w.chainID, "member", w.fresh, i)))
			newcomer.inner = append(newcomer.inner, secp256k1.GenPrivKeyFromSecret(digest(w.chainID, "inner", w.fresh, i)))
		}
		if w.rng.Intn(2) == 0 {
			newcomer.inner = nil
		}
	}
	newcomer.address = sdk.AccAddress(newcomer.public().Address())
	newcomer.consensus = w.accounts[w.rng.Intn(len(w.accounts))].consensus
	w.newcomers = append(w.newcomers, newcomer)
	amount, to, now := w.amount(90_000_000), newcomer.address, w.time.Unix()
	var message sdk.Msg
	switch w.rng.Intn(5) {
	case 0:
		message = vestingtypes.NewMsgCreatePermanentLockedAccount(signer.address, to, sdk.NewCoins(amount))
	case 1:
		message = vestingtypes.NewMsgCreateVestingAccount(signer.address, to, sdk.NewCoins(amount), now+w.rng.Int63n(200)-10, true)
	case 2:
		message = vestingtypes.NewMsgCreateVestingAccount(signer.address, to, sdk.NewCoins(amount, sdk.NewInt64Coin("token", 7)), now+w.rng.Int63n(200)-10, false)
	case 3:
		periods := []vestingtypes.Period{{Length: w.rng.Int63n(40), Amount: coins(20_000_000)}, {Length: 1 + w.rng.Int63n(90), Amount: coins(30_000_000)}, {Length: 30, Amount: coins(w.rng.Int63n(9))}}
		message = vestingtypes.NewMsgCreatePeriodicVestingAccount(signer.address, to, now-w.rng.Int63n(50), periods)
	default:
		message = &banktypes.MsgSend{FromAddress: signer.address.String(), ToAddress: to.String(), Amount: sdk.NewCoins(amount)}
	}
	return plan{messages: []sdk.Msg{message}}, "vesting.newcomer"
}

// welcome lets those act whose accounts exist.
func (w *world) welcome() {
	waiting := []account{}
	for _, one := range w.newcomers {
		if w.app.AccountKeeper.GetAccount(w.context(), one.address) != nil {
			w.accounts = append(w.accounts, one)
		} else {
			waiting = append(waiting, one)
		}
	}
	w.newcomers = waiting
}

func (w *world) wideGrant(signer *account, other sdk.AccAddress, operator string) (plan, string) {
	var authorization authz.Authorization
	limit := w.amount(9_000_000)
	list := []sdk.ValAddress{must(sdk.ValAddressFromBech32(operator))}
	kinds := []stakingtypes.AuthorizationType{stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_DELEGATE, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_UNDELEGATE, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_REDELEGATE, stakingtypes.AuthorizationType_AUTHORIZATION_TYPE_CANCEL_UNBONDING_DELEGATION}
	kind := kinds[w.rng.Intn(4)]
	switch w.rng.Intn(5) {
	case 0:
		authorization = must(stakingtypes.NewStakeAuthorization(nil, list, kind, &limit))
	case 1:
		authorization = must(stakingtypes.NewStakeAuthorization(list, nil, kind, nil))
	case 2:
		authorization = banktypes.NewSendAuthorization(sdk.NewCoins(limit, sdk.NewInt64Coin("token", 5)), []sdk.AccAddress{w.someone().address})
	case 3:
		authorization = authz.NewGenericAuthorization(sdk.MsgTypeURL(&authz.MsgExec{}))
	default:
		urls := []sdk.Msg{&authz.MsgGrant{}, &stakingtypes.MsgUndelegate{}, &stakingtypes.MsgBeginRedelegate{}, &stakingtypes.MsgEditValidator{}, &feegrant.MsgGrantAllowance{}, &banktypes.MsgMultiSend{}, &stakingtypes.MsgCancelUnbondingDelegation{}, &slashingtypes.MsgUnjail{}}
		authorization = authz.NewGenericAuthorization(sdk.MsgTypeURL(urls[w.rng.Intn(len(urls))]))
	}
	var expires *time.Time
	if w.rng.Intn(3) > 0 {
		at := w.time.Add(time.Duration(w.rng.Intn(200)) * time.Second)
		expires = &at
	}
	if expires != nil && w.rng.Intn(6) == 0 {
		at := w.time.Add(-time.Second)
		expires = &at
	}
	message := must(authz.NewMsgGrant(signer.address, other, authorization, nil))
	message.Grant.Expiration = expires
	return plan{messages: []sdk.Msg{message}}, "authz.grant wide"
}

func (w *world) wideExec(signer *account, operator string) (plan, string) {
	type known struct{ granter, grantee, url string }
	grants := []known{}
	w.app.AuthzKeeper.IterateGrants(w.context(), func(from, to sdk.AccAddress, grant authz.Grant) bool {
		grants = append(grants, known{from.String(), to.String(), must(grant.GetAuthorization()).MsgTypeURL()})
		return false
	})
	if len(grants) == 0 {
		return plan{}, ""
	}
	picked := grants[w.rng.Intn(len(grants))]
	granter := must(sdk.AccAddressFromBech32(picked.granter))
	w.become(signer, picked.grantee)
	self := signer.address.String()
	if w.rng.Intn(6) == 0 {
		inner := authz.NewMsgRevoke(signer.address, granter, picked.url)
		return plan{messages: []sdk.Msg{&inner}}, "authz.revoke wide"
	}
	from := picked.granter
	edit := &stakingtypes.MsgEditValidator{Description: stakingtypes.Description{Moniker: "by another"}, ValidatorAddress: sdk.ValAddress(granter).String()}
	cancel := stakingtypes.NewMsgCancelUnbondingDelegation(from, operator, w.app.LastBlockHeight()-w.rng.Int63n(9), w.amount(9000))
	if list := must(w.app.StakingKeeper.GetUnbondingDelegations(w.context(), granter, 20)); len(list) > 0 {
		cancel.ValidatorAddress, cancel.CreationHeight = list[0].ValidatorAddress, list[0].Entries[0].CreationHeight
	}
	nested := authz.NewMsgExec(granter, []sdk.Msg{&banktypes.MsgSend{FromAddress: from, ToAddress: self, Amount: coins(9)}})
	inner := must(authz.NewMsgGrant(granter, w.someone().address, authz.NewGenericAuthorization(sdk.MsgTypeURL(&banktypes.MsgSend{})), nil))
	allowance := must(feegrant.NewMsgGrantAllowance(&feegrant.BasicAllowance{SpendLimit: coins(9000)}, granter, w.someone().address))
	messages := []sdk.Msg{
		&nested, inner, edit, cancel, allowance,
		&banktypes.MsgSend{FromAddress: from, ToAddress: w.someone().address.String(), Amount: sdk.NewCoins(sdk.NewInt64Coin("token", 1+w.rng.Int63n(4)))},
		stakingtypes.NewMsgUndelegate(from, operator, w.amount(2_000_000)),
		stakingtypes.NewMsgBeginRedelegate(from, operator, w.validator(), w.amount(2_000_000)),
		stakingtypes.NewMsgDelegate(from, operator, w.amount(2_000_000)),
		slashingtypes.NewMsgUnjail(sdk.ValAddress(granter).String()),
		&banktypes.MsgMultiSend{Inputs: []banktypes.Input{{Address: from, Coins: coins(4)}}, Outputs: []banktypes.Output{{Address: self, Coins: coins(4)}}},
		&banktypes.MsgSend{FromAddress: self, ToAddress: from, Amount: coins(3)},
	}
	fitting := []sdk.Msg{}
	for _, message := range messages {
		if sdk.MsgTypeURL(message) == picked.url || w.rng.Intn(9) == 0 {
			fitting = append(fitting, message)
		}
	}
	message := authz.NewMsgExec(signer.address, fitting)
	return plan{messages: []sdk.Msg{&message}}, "authz.exec wide"
}

func (w *world) wideFeeGrant(signer *account, other sdk.AccAddress) (plan, string) {
	past, soon := w.time.Add(-time.Second), w.time.Add(30*time.Second)
	basic := feegrant.BasicAllowance{SpendLimit: sdk.NewCoins(w.amount(9000), sdk.NewInt64Coin("token", 90)), Expiration: &soon}
	period := feegrant.PeriodicAllowance{Basic: basic, Period: time.Duration(1+w.rng.Intn(9)) * time.Second, PeriodSpendLimit: coins(2000), PeriodCanSpend: coins(1000), PeriodReset: w.time}
	var allowance feegrant.FeeAllowanceI = &feegrant.BasicAllowance{}
	switch w.rng.Intn(8) {
	case 0:
		allowance = &basic
	case 1:
		basic.Expiration = &past
		allowance = &basic
	case 2:
		allowance = &period
	case 3:
		period.Basic.Expiration = nil
		allowance = must(feegrant.NewAllowedMsgAllowance(&period, []string{"/cosmos.bank.v1beta1.MsgSend", "/cosmos.gov.v1.MsgVote"}))
	case 4:
		allowance = must(feegrant.NewAllowedMsgAllowance(&basic, []string{}))
	case 5:
		period.PeriodSpendLimit = sdk.NewCoins(sdk.NewInt64Coin("coral", 5))
		allowance = &period
	case 6:
		other = signer.address
	}
	return plan{messages: []sdk.Msg{must(feegrant.NewMsgGrantAllowance(allowance, signer.address, other))}}, "feegrant.grant wide"
}

func (w *world) circuit(signer *account, other sdk.AccAddress) (plan, string) {
	urls := [][]string{{"/cosmos.gov.v1.MsgVote"}, {"/cosmos.bank.v1beta1.MsgMultiSend", "/cosmos.staking.v1beta1.MsgEditValidator"}, {}, {"/cosmos.circuit.v1.MsgTripCircuitBreaker"}, {"nothing"}}[w.rng.Intn(5)]
	for _, a := range w.accounts {
		if allowed, err := w.app.CircuitKeeper.Permissions.Get(w.context(), a.address); err == nil && allowed.Level > 0 && w.rng.Intn(3) > 0 {
			w.become(signer, a.address.String())
		}
	}
	self := signer.address.String()
	switch w.rng.Intn(4) {
	case 0:
		return plan{messages: []sdk.Msg{&circuittypes.MsgTripCircuitBreaker{Authority: self, MsgTypeUrls: urls}}}, "circuit.trip wide"
	case 1:
		level := circuittypes.Permissions_Level(w.rng.Intn(4))
		permissions := &circuittypes.Permissions{Level: level, LimitTypeUrls: urls}
		return plan{messages: []sdk.Msg{&circuittypes.MsgAuthorizeCircuitBreaker{Granter: self, Grantee: other.String(), Permissions: permissions}}}, "circuit.authorize wide"
	default:
		return plan{messages: []sdk.Msg{&circuittypes.MsgResetCircuitBreaker{Authority: self, MsgTypeUrls: urls}}}, "circuit.reset wide"
	}
}

// wrongAmount gives messages whose coins are odd: zero, of another denomination, out of order, too many.
func (w *world) wrongAmount(signer *account, other sdk.AccAddress, operator string) (plan, string) {
	self := signer.address.String()
	zero, huge := sdk.Coin{Denom: "stake", Amount: sdkmath.ZeroInt()}, sdk.NewCoin("stake", sdkmath.NewIntWithDecimal(1, 30))
	token, bad := sdk.NewInt64Coin("token", 4), sdk.Coin{Denom: "1bad", Amount: sdkmath.NewInt(4)}
	negative := sdk.Coin{Denom: "stake", Amount: sdkmath.NewInt(-4)}
	picked := []sdk.Coin{zero, huge, token, bad, negative}[w.rng.Intn(5)]
	list := []sdk.Coins{{picked}, {token, zero}, {token, sdk.NewInt64Coin("stake", 3)}, {token, token}, {}, {huge}}[w.rng.Intn(6)]
	messages := []sdk.Msg{
		&banktypes.MsgSend{FromAddress: self, ToAddress: other.String(), Amount: list},
		&stakingtypes.MsgDelegate{DelegatorAddress: self, ValidatorAddress: operator, Amount: picked},
		&stakingtypes.MsgUndelegate{DelegatorAddress: self, ValidatorAddress: operator, Amount: picked},
		&stakingtypes.MsgBeginRedelegate{DelegatorAddress: self, ValidatorSrcAddress: operator, ValidatorDstAddress: operator, Amount: picked},
		&distrtypes.MsgFundCommunityPool{Depositor: self, Amount: list},
		&distrtypes.MsgDepositValidatorRewardsPool{Depositor: self, ValidatorAddress: operator, Amount: list},
		&govv1.MsgDeposit{ProposalId: w.active(), Depositor: self, Amount: list},
		&vestingtypes.MsgCreateVestingAccount{FromAddress: self, ToAddress: sdk.AccAddress(digest(w.time)[:20]).String(), Amount: list, EndTime: w.time.Unix() + 9},
		&stakingtypes.MsgCancelUnbondingDelegation{DelegatorAddress: self, ValidatorAddress: operator, Amount: picked, CreationHeight: w.rng.Int63n(3) - 1},
		&banktypes.MsgSend{FromAddress: self, ToAddress: []string{"", "cosmos1", "secret1hello", self}[w.rng.Intn(4)], Amount: coins(5)},
	}
	return plan{messages: []sdk.Msg{messages[w.rng.Intn(len(messages))]}}, "wide.wrong-amount"
}

func (w *world) wrongValidator(signer *account) (plan, string) {
	message := w.createValidator(signer, 1+w.rng.Int63n(2_000_000)).(*stakingtypes.MsgCreateValidator)
	switch w.rng.Intn(8) {
	case 0:
		message.Commission.Rate = dec("0.001")
	case 1:
		message.Commission.Rate = dec("0.9")
	case 2:
		message.MinSelfDelegation = sdkmath.NewInt(50_000_000)
	case 3:
		message.Description.Moniker = ""
	case 4:
		message.Pubkey = must(stakingtypes.NewMsgCreateValidator(signer.operator(), w.accounts[0].consensus.PubKey(), coins(1)[0], message.Description, message.Commission, sdkmath.OneInt())).Pubkey
	case 5:
		message.Commission.MaxChangeRate = dec("0.9")
	case 6:
		message.Value.Denom = "token"
	case 7:
		message.ValidatorAddress = w.validator()
	}
	return plan{messages: []sdk.Msg{message}}, "staking.create-validator wide"
}

// paramsMessage changes parameters of some module, now and then to what it must refuse.
func (w *world) paramsMessage(authority string) sdk.Msg {
	ctx, odd := w.context(), w.rng.Intn(5) == 0
	switch w.rng.Intn(11) {
	case 0, 1:
		params := must(w.app.StakingKeeper.GetParams(ctx))
		params.MaxValidators, params.MaxEntries = uint32(1+w.rng.Intn(7)), uint32(1+w.rng.Intn(5))
		params.HistoricalEntries, params.UnbondingTime = uint32(w.rng.Intn(9)), time.Duration(5+w.rng.Intn(60))*time.Second
		params.MinCommissionRate = dec("0.01").MulInt64(int64(w.rng.Intn(9)))
		if odd {
			params.MaxEntries = 0
		}
		return &stakingtypes.MsgUpdateParams{Authority: authority, Params: params}
	case 2:
		params := must(w.app.SlashingKeeper.GetParams(ctx))
		params.SignedBlocksWindow, params.DowntimeJailDuration = int64(3+w.rng.Intn(30)), time.Duration(1+w.rng.Intn(20))*time.Second
		params.MinSignedPerWindow = dec("0.05").MulInt64(int64(1 + w.rng.Intn(19)))
		params.SlashFractionDoubleSign, params.SlashFractionDowntime = dec("0.03").MulInt64(int64(w.rng.Intn(20))), dec("0.007").MulInt64(int64(w.rng.Intn(20)))
		if odd {
			params.SlashFractionDoubleSign = dec("1.01")
		}
		return &slashingtypes.MsgUpdateParams{Authority: authority, Params: params}
	case 3:
		params := must(w.app.DistrKeeper.Params.Get(ctx))
		params.CommunityTax, params.WithdrawAddrEnabled = dec("0.07").MulInt64(int64(w.rng.Intn(15))), w.rng.Intn(3) > 0
		if odd {
			params.BaseProposerReward = dec("0.01")
		}
		return &distrtypes.MsgUpdateParams{Authority: authority, Params: params}
	case 4:
		params := must(w.app.MintKeeper.Params.Get(ctx))
		params.InflationMin = dec("0.01").MulInt64(int64(w.rng.Intn(10)))
		params.InflationMax, params.InflationRateChange = params.InflationMin.Add(dec("0.02").MulInt64(int64(w.rng.Intn(30)))), dec("0.09").MulInt64(int64(w.rng.Intn(11)))
		params.GoalBonded, params.BlocksPerYear = dec("0.09").MulInt64(int64(1+w.rng.Intn(10))), uint64(1+w.rng.Intn(90_000))
		if odd {
			params.BlocksPerYear = 0
		}
		return &minttypes.MsgUpdateParams{Authority: authority, Params: params}
	case 5, 6:
		params := must(w.app.GovKeeper.Params.Get(ctx))
		voting, expedited, deposit := time.Duration(6+w.rng.Intn(20))*time.Second, time.Duration(2+w.rng.Intn(4))*time.Second, time.Duration(9+w.rng.Intn(60))*time.Second
		params.VotingPeriod, params.ExpeditedVotingPeriod, params.MaxDepositPeriod = &voting, &expedited, &deposit
		params.Quorum, params.Threshold = dec("0.05").MulInt64(int64(1+w.rng.Intn(9))).String(), dec("0.1").MulInt64(int64(4+w.rng.Intn(3))).String()
		params.VetoThreshold, params.ExpeditedThreshold = dec("0.1").MulInt64(int64(2+w.rng.Intn(3))).String(), dec("0.1").MulInt64(int64(6+w.rng.Intn(4))).String()
		params.BurnVoteVeto, params.BurnVoteQuorum, params.BurnProposalDepositPrevote = w.rng.Intn(2) == 0, w.rng.Intn(2) == 0, w.rng.Intn(2) == 0
		params.MinInitialDepositRatio = dec("0.01").MulInt64(int64(w.rng.Intn(9))).String()
		params.MinDeposit, params.ExpeditedMinDeposit = coins(4000+w.rng.Int63n(900)), coins(5000+w.rng.Int63n(4000))
		if w.rng.Intn(3) == 0 {
			params.MinDeposit = sdk.Coins(params.MinDeposit).Add(sdk.NewInt64Coin("token", 2))
		}
		if odd {
			params.VotingPeriod = &expedited
		}
		return &govv1.MsgUpdateParams{Authority: authority, Params: params}
	case 7:
		params := w.app.AccountKeeper.GetParams(ctx)
		params.MaxMemoCharacters, params.TxSigLimit = uint64(9+w.rng.Intn(300)), uint64(2+w.rng.Intn(5))
		params.TxSizeCostPerByte, params.SigVerifyCostSecp256k1 = uint64(1+w.rng.Intn(20)), uint64(500+w.rng.Intn(2000))
		if odd {
			params.SigVerifyCostED25519 = 0
		}
		return &authtypes.MsgUpdateParams{Authority: authority, Params: params}
	case 8:
		if w.rng.Intn(2) == 0 {
			return &banktypes.MsgUpdateParams{Authority: authority, Params: banktypes.Params{DefaultSendEnabled: w.rng.Intn(3) > 0}}
		}
		enabled := []*banktypes.SendEnabled{{Denom: "token", Enabled: w.rng.Intn(2) == 0}, {Denom: []string{"token", "coral", "other", "1"}[w.rng.Intn(4)], Enabled: true}}
		return &banktypes.MsgSetSendEnabled{Authority: authority, SendEnabled: enabled, UseDefaultFor: []string{[]string{"stake", "coral", "!"}[w.rng.Intn(3)]}}
	case 9:
		params := w.consensusParams()
		params.Block.MaxBytes = 2_000_000 + w.rng.Int63n(1_000_000)
		params.Block.MaxGas = []int64{-1, 1_000_000 + w.rng.Int63n(3_000_000), 90_000_000}[w.rng.Intn(3)]
		params.Evidence.MaxAgeNumBlocks, params.Evidence.MaxAgeDuration = 2+w.rng.Int63n(90), time.Duration(2+w.rng.Intn(300))*time.Second
		if odd {
			params.Evidence.MaxBytes = params.Block.MaxBytes + 1
		}
		if w.rng.Intn(5) == 0 {
			params.Validator.PubKeyTypes = []string{"secp256k1", "ed25519"}
		}
		return &consensustypes.MsgUpdateParams{Authority: authority, Block: params.Block, Evidence: params.Evidence, Validator: params.Validator}
	default:
		if w.rng.Intn(2) == 0 {
			return &upgradetypes.MsgCancelUpgrade{Authority: authority}
		}
		return &upgradetypes.MsgSoftwareUpgrade{Authority: authority, Plan: upgradetypes.Plan{Name: []string{"v4", ""}[w.rng.Intn(2)], Height: w.app.LastBlockHeight() + []int64{-1, 2_000_000}[w.rng.Intn(2)]}}
	}
}
