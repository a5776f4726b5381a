package main

import (
	"fmt"
	"time"

	circuittypes "cosmossdk.io/x/circuit/types"
	upgradetypes "cosmossdk.io/x/upgrade/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	paramproposal "github.com/cosmos/cosmos-sdk/x/params/types/proposal"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

func (w *world) submit(self string) (plan, string) {
	deposit := sdk.NewCoins(sdk.NewInt64Coin("stake", []int64{50, 200, 5000, 6000, 9500, 9500, 12_000}[w.rng.Intn(7)]))
	proposer := must(sdk.AccAddressFromBech32(self))
	if w.rng.Intn(4) == 0 {
		var content govv1beta1.Content = govv1beta1.NewTextProposal("Words", "about <nothing>")
		if w.rng.Intn(2) == 0 {
			content = paramproposal.NewParameterChangeProposal("Change", "a legacy parameter", []paramproposal.ParamChange{{Subspace: "transfer", Key: []string{"SendEnabled", "ReceiveEnabled"}[w.rng.Intn(2)], Value: []string{"true", "false"}[w.rng.Intn(2)]}})
		}
		return plan{messages: []sdk.Msg{must(govv1beta1.NewMsgSubmitProposal(content, deposit, proposer))}}, "gov.submit v1beta1"
	}
	messages, label := w.proposalMessages()
	expedited := w.rng.Intn(4) == 0
	message := must(govv1.NewMsgSubmitProposal(messages, deposit, self, "ipfs://CID", "Title of "+label, "Summary", expedited))
	return plan{messages: []sdk.Msg{message}}, "gov.submit " + label
}

func (w *world) proposalMessages() ([]sdk.Msg, string) {
	ctx := w.context()
	authority := authtypes.NewModuleAddress("gov").String()
	switch w.rng.Intn(17) {
	case 0:
		return nil, "nothing"
	case 1:
		params := must(w.app.StakingKeeper.GetParams(ctx))
		params.MaxValidators = uint32(3 + w.rng.Intn(4))
		params.UnbondingTime = time.Duration(15+w.rng.Intn(30)) * time.Second
		params.HistoricalEntries = uint32(w.rng.Intn(12))
		return []sdk.Msg{&stakingtypes.MsgUpdateParams{Authority: authority, Params: params}}, "staking params"
	case 2:
		params := must(w.app.SlashingKeeper.GetParams(ctx))
		params.SignedBlocksWindow = int64(8 + w.rng.Intn(20))
		params.SlashFractionDowntime = dec("0.001").MulInt64(int64(w.rng.Intn(30)))
		return []sdk.Msg{&slashingtypes.MsgUpdateParams{Authority: authority, Params: params}}, "slashing params"
	case 3:
		params := must(w.app.DistrKeeper.Params.Get(ctx))
		params.CommunityTax = dec("0.01").MulInt64(int64(w.rng.Intn(10)))
		params.WithdrawAddrEnabled = w.rng.Intn(2) == 0
		return []sdk.Msg{&distrtypes.MsgUpdateParams{Authority: authority, Params: params}}, "distribution params"
	case 4:
		params := must(w.app.MintKeeper.Params.Get(ctx))
		params.InflationRateChange = dec("0.01").MulInt64(int64(1 + w.rng.Intn(20)))
		params.BlocksPerYear = uint64(10_000 + w.rng.Intn(100_000))
		return []sdk.Msg{&minttypes.MsgUpdateParams{Authority: authority, Params: params}}, "mint params"
	case 5:
		params := must(w.app.GovKeeper.Params.Get(ctx))
		params.BurnVoteVeto, params.BurnProposalDepositPrevote = w.rng.Intn(2) == 0, w.rng.Intn(2) == 0
		params.BurnVoteQuorum = w.rng.Intn(2) == 0
		params.ProposalCancelDest = []string{"", w.accounts[2].address.String()}[w.rng.Intn(2)]
		params.ProposalCancelRatio = dec("0.1").MulInt64(int64(w.rng.Intn(10))).String()
		return []sdk.Msg{&govv1.MsgUpdateParams{Authority: authority, Params: params}}, "gov params"
	case 6:
		params := w.app.AccountKeeper.GetParams(ctx)
		params.TxSizeCostPerByte = uint64(5 + w.rng.Intn(10))
		return []sdk.Msg{&authtypes.MsgUpdateParams{Authority: authority, Params: params}}, "auth params"
	case 7:
		return []sdk.Msg{&banktypes.MsgSetSendEnabled{Authority: authority, SendEnabled: []*banktypes.SendEnabled{{Denom: "token", Enabled: w.rng.Intn(2) == 0}}, UseDefaultFor: []string{"coral"}}}, "send enabled"
	case 8:
		return []sdk.Msg{&banktypes.MsgUpdateParams{Authority: authority, Params: banktypes.Params{DefaultSendEnabled: true}}}, "bank params"
	case 9:
		return []sdk.Msg{&distrtypes.MsgCommunityPoolSpend{Authority: authority, Recipient: w.someone().address.String(), Amount: sdk.NewCoins(w.amount(100_000))}}, "pool spend"
	case 10:
		return []sdk.Msg{
			&distrtypes.MsgCommunityPoolSpend{Authority: authority, Recipient: w.someone().address.String(), Amount: coins(10)},
			&distrtypes.MsgCommunityPoolSpend{Authority: authority, Recipient: w.someone().address.String(), Amount: coins(1 << 60)},
		}, "pool spend too much"
	case 11:
		return []sdk.Msg{&upgradetypes.MsgSoftwareUpgrade{Authority: authority, Plan: upgradetypes.Plan{Name: "v2", Height: w.app.LastBlockHeight() + 1_000_000, Info: "{}"}}}, "upgrade"
	case 12:
		return []sdk.Msg{&upgradetypes.MsgCancelUpgrade{Authority: authority}}, "cancel upgrade"
	case 13:
		params := w.consensusParams()
		params.Block.MaxBytes = 1_000_000 + w.rng.Int63n(1_000_000)
		params.Block.MaxGas = 50_000_000 + w.rng.Int63n(1_000_000)
		return []sdk.Msg{&consensustypes.MsgUpdateParams{Authority: authority, Block: params.Block, Evidence: params.Evidence, Validator: params.Validator}}, "consensus params"
	case 14:
		return []sdk.Msg{&circuittypes.MsgAuthorizeCircuitBreaker{Granter: authority, Grantee: w.someone().address.String(), Permissions: &circuittypes.Permissions{Level: circuittypes.Permissions_LEVEL_SUPER_ADMIN}}}, "circuit authorize"
	case 15:
		return []sdk.Msg{&banktypes.MsgSend{FromAddress: authority, ToAddress: w.someone().address.String(), Amount: coins(7)}}, "send from gov"
	default:
		content := must(govv1.NewLegacyContent(govv1beta1.NewTextProposal("Old", "text"), authority))
		if w.rng.Intn(2) == 0 {
			content = must(govv1.NewLegacyContent(paramproposal.NewParameterChangeProposal("T", "D", []paramproposal.ParamChange{{Subspace: "icahost", Key: "AllowMessages", Value: `["*"]`}, {Subspace: "ibc", Key: "MaxExpectedTimePerBlock", Value: `"` + fmt.Sprint(w.rng.Intn(9)+1) + `"`}}), authority))
		}
		return []sdk.Msg{content}, "legacy content"
	}
}
