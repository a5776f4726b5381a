package main

import (
	"time"

	upgradetypes "cosmossdk.io/x/upgrade/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	paramproposal "github.com/cosmos/cosmos-sdk/x/params/types/proposal"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// govern makes what --governance adds: the paths of gov and params that other plans seldom take.
func (w *world) govern(signer *account) (plan, string) {
	self := signer.address.String()
	voter := must(sdk.AccAddressFromBech32(self))
	one := func(label string, message sdk.Msg) (plan, string) { return plan{messages: []sdk.Msg{message}}, label }
	deposit := sdk.NewCoins(sdk.NewInt64Coin("stake", 500+w.rng.Int63n(9000)))
	switch w.rng.Intn(16) {
	case 0:
		return one("gov.submit content", must(govv1beta1.NewMsgSubmitProposal(w.content(self), deposit, voter)))
	case 1:
		legacy := must(govv1.NewLegacyContent(w.content(self), authtypes.NewModuleAddress("gov").String()))
		return one("gov.submit run content", must(govv1.NewMsgSubmitProposal([]sdk.Msg{legacy}, deposit, self, "", "Title", "Summary", false)))
	case 2, 3:
		metadata := []string{"ipfs://CID", "", "null", `{"title":"Title","summary":"Summary"}`, `{"title":"Other"}`}[w.rng.Intn(5)]
		messages := []sdk.Msg{w.doubtful(), w.doubtful()}[:w.rng.Intn(3)]
		return one("gov.submit doubtful", must(govv1.NewMsgSubmitProposal(messages, deposit, self, metadata, "Title", "Summary", w.rng.Intn(3) == 0)))
	case 4:
		weight := []string{"+0.5", "0.50", "--0.5", ".5", "", "0.5000000000000000001", "1"}[w.rng.Intn(7)]
		return one("gov.vote odd weights", govv1.NewMsgVoteWeighted(voter, w.active(), govv1.WeightedVoteOptions{
			{Option: govv1.VoteOption(w.rng.Intn(6)), Weight: weight}, {Option: govv1.OptionNo, Weight: "0.5"},
		}, ""))
	case 5:
		return one("gov.vote odd option", govv1beta1.NewMsgVote(voter, w.active(), govv1beta1.VoteOption(w.rng.Intn(7))))
	default:
		// Those with the largest stakes, so that proposals pass.
		*signer = w.accounts[w.rng.Intn(4)]
		return one("gov.vote yes", govv1.NewMsgVote(signer.address, w.active(), govv1.OptionYes, ""))
	}
}

func (w *world) content(self string) govv1beta1.Content {
	switch w.rng.Intn(8) {
	case 0:
		return upgradetypes.NewSoftwareUpgradeProposal("T", "D", upgradetypes.Plan{Name: "v3", Height: w.app.LastBlockHeight() + w.rng.Int63n(3)*100_000})
	case 1:
		return upgradetypes.NewCancelSoftwareUpgradeProposal("T", "D")
	case 2:
		return &distrtypes.CommunityPoolSpendProposal{Title: "T", Description: "D", Recipient: self, Amount: coins(3)}
	case 3:
		return govv1beta1.NewTextProposal([]string{"T", " ", "<T>"}[w.rng.Intn(3)], []string{"D", ""}[w.rng.Intn(2)])
	}
	all := []paramproposal.ParamChange{
		{Subspace: "transfer", Key: "SendEnabled", Value: "false"}, {Subspace: "transfer", Key: "ReceiveEnabled", Value: "true"},
		{Subspace: "transfer", Key: "SendEnabled", Value: "1"}, {Subspace: "transfer", Key: "SendEnabled", Value: "null"},
		{Subspace: "icahost", Key: "AllowMessages", Value: `["*"]`}, {Subspace: "icahost", Key: "AllowMessages", Value: "[]"},
		{Subspace: "icahost", Key: "AllowMessages", Value: `["<a>","b&c"]`}, {Subspace: "icahost", Key: "AllowMessages", Value: `[""]`},
		{Subspace: "icahost", Key: "AllowMessages", Value: "null"}, {Subspace: "icahost", Key: "HostEnabled", Value: "false"},
		{Subspace: "ibc", Key: "MaxExpectedTimePerBlock", Value: `"30000000000"`}, {Subspace: "ibc", Key: "MaxExpectedTimePerBlock", Value: "30"},
		{Subspace: "ibc", Key: "AllowedClients", Value: `["07-tendermint"]`}, {Subspace: "ibc", Key: "AllowedClients", Value: `[" "]`},
		{Subspace: "icacontroller", Key: "ControllerEnabled", Value: "true"}, {Subspace: "nowhere", Key: "A", Value: "1"},
	}
	changes := []paramproposal.ParamChange{}
	for count := w.rng.Intn(3); count > 0; count-- {
		changes = append(changes, all[w.rng.Intn(len(all))])
	}
	return paramproposal.NewParameterChangeProposal("T", "D", changes)
}

// doubtful gives a message that may fail when it runs.
func (w *world) doubtful() sdk.Msg {
	address := authtypes.NewModuleAddress("gov")
	authority := address.String()
	switch w.rng.Intn(6) {
	case 0:
		params := must(w.app.StakingKeeper.GetParams(w.context()))
		switch w.rng.Intn(4) {
		case 0:
			params.MaxValidators = 0
		case 1:
			params.BondDenom = ""
		case 2:
			params.MinCommissionRate = dec("2")
		case 3:
			params.UnbondingTime = -time.Second
		}
		return &stakingtypes.MsgUpdateParams{Authority: authority, Params: params}
	case 1:
		return w.doubtfulParams(authority)
	case 2:
		return must(govv1.NewMsgSubmitProposal(nil, nil, authority, "inner", "T", "S", false))
	case 3:
		return govv1.NewMsgVote(address, w.active(), govv1.OptionYes, "by gov")
	case 4:
		return banktypes.NewMsgSend(address, w.someone().address, coins(1<<50))
	default:
		return &distrtypes.MsgCommunityPoolSpend{Authority: authority, Recipient: w.someone().address.String(), Amount: sdk.NewCoins(w.amount(50_000))}
	}
}

func (w *world) doubtfulParams(authority string) sdk.Msg {
	params := must(w.app.GovKeeper.Params.Get(w.context()))
	params.MinDepositRatio = dec("0.01").MulInt64(int64(w.rng.Intn(5))).String()
	params.ProposalCancelRatio = dec("0.1").MulInt64(int64(w.rng.Intn(11))).String()
	params.BurnVoteQuorum, params.BurnVoteVeto = w.rng.Intn(2) == 0, w.rng.Intn(2) == 0
	params.ProposalCancelDest = []string{"", w.someone().address.String(), authtypes.NewModuleAddress("distribution").String()}[w.rng.Intn(3)]
	switch w.rng.Intn(9) {
	case 0:
		params.Threshold = "1.5"
	case 1:
		params.ExpeditedThreshold = params.Threshold
	case 2:
		params.Quorum = ""
	case 3:
		params.MinDeposit = nil
	case 4:
		params.VotingPeriod = params.ExpeditedVotingPeriod
	case 5:
		params.ProposalCancelDest = "cosmos1"
	}
	return &govv1.MsgUpdateParams{Authority: authority, Params: params}
}
