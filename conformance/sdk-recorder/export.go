package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"cosmossdk.io/log"
	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	slashing "github.com/cosmos/cosmos-sdk/x/slashing/types"
	staking "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/ibc-go/v8/testing/simapp"
)

// How many blocks a chain goes on with from the export.
const blocksAfter = 8

// writeExport writes what the application exports after its last block (export.json), blocks of a
// second application that begins from it (after.jsonl), and the export for height zero (zero.json),
// where everybody but the first account's validator is jailed.
func writeExport(world *world, app *simapp.SimApp, directory string) {
	exported := must(app.ExportAppStateAndValidators(false, nil, nil))
	writeJSON(filepath.Join(directory, "export.json"), map[string]any{
		"time": world.time.Format(time.RFC3339Nano), "initial_height": exported.Height,
		"app_state": json.RawMessage(exported.AppState),
	})
	header := cmtproto.Header{ChainID: world.chainID, Height: app.LastBlockHeight(), Time: world.time}
	goOn(world, exported.Height, &exported.ConsensusParams, exported.AppState, directory)
	context := app.NewContextLegacy(true, header)
	allowed := world.accounts[0].operator()
	beginAnew(app, context, allowed)
	writeJSON(filepath.Join(directory, "zero.json"), map[string]any{
		"jail_allowed": []string{allowed}, "app_state": must(app.ModuleManager.ExportGenesis(context, app.AppCodec())),
	})
}

func goOn(world *world, first int64, params *cmtproto.ConsensusParams, state []byte, directory string) {
	app := simapp.NewSimApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true, simtestutil.NewAppOptionsWithFlagHome(os.TempDir()), baseapp.SetChainID(world.chainID))
	must(app.InitChain(&abci.RequestInitChain{
		Time: world.time, ChainId: world.chainID, ConsensusParams: params,
		Validators: []abci.ValidatorUpdate{}, AppStateBytes: state, InitialHeight: first,
	}))
	file := must(os.Create(filepath.Join(directory, "after.jsonl")))
	defer file.Close()
	out := bufio.NewWriter(file)
	defer out.Flush()
	signers := world.sets.at(first)
	for height := first; height < first+blocksAfter; height++ {
		votes := []abci.VoteInfo{}
		for _, validator := range signers {
			if height > first {
				votes = append(votes, abci.VoteInfo{Validator: validator, BlockIdFlag: cmtproto.BlockIDFlagCommit})
			}
		}
		request := &abci.RequestFinalizeBlock{
			DecidedLastCommit: abci.CommitInfo{Votes: votes}, Hash: digest("after", height),
			Height: height, Time: world.time.Add(time.Duration(height-first+1) * 3 * time.Second),
			NextValidatorsHash: digest("after next", height), ProposerAddress: signers[0].Address,
		}
		response := must(app.FinalizeBlock(request))
		must(app.Commit())
		out.Write(must(json.Marshal(blockLine(app, request, response))))
		out.WriteByte('\n')
	}
}

// beginAnew pays commissions and rewards, starts every record of distribution at height 0, and
// forgets the heights of unbondings, redelegations and signing infos: the steps of SecretNetwork's
// export for height zero, on the keepers that both share.
func beginAnew(app *simapp.SimApp, context sdk.Context, allowed string) {
	keeper := app.DistrKeeper
	validators := must(app.StakingKeeper.GetAllValidators(context))
	delegations := must(app.StakingKeeper.GetAllDelegations(context))
	for _, validator := range validators {
		keeper.WithdrawValidatorCommission(context, operatorOf(validator.OperatorAddress))
	}
	for _, delegation := range delegations {
		keeper.WithdrawDelegationRewards(context, sdk.MustAccAddressFromBech32(delegation.DelegatorAddress), operatorOf(delegation.ValidatorAddress))
	}
	keeper.DeleteAllValidatorSlashEvents(context)
	keeper.DeleteAllValidatorHistoricalRewards(context)

	zero := context.WithBlockHeight(0)
	for _, validator := range validators {
		operator := operatorOf(validator.OperatorAddress)
		pool := must(keeper.FeePool.Get(zero))
		pool.CommunityPool = pool.CommunityPool.Add(must(keeper.GetValidatorOutstandingRewardsCoins(zero, operator))...)
		check(keeper.FeePool.Set(zero, pool))
		check(keeper.Hooks().AfterValidatorCreated(zero, operator))
	}
	for _, delegation := range delegations {
		delegator, operator := sdk.MustAccAddressFromBech32(delegation.DelegatorAddress), operatorOf(delegation.ValidatorAddress)
		check(keeper.Hooks().BeforeDelegationCreated(zero, delegator, operator))
		check(keeper.Hooks().AfterDelegationModified(zero, delegator, operator))
	}
	forgetHeights(app, context)
	for _, validator := range must(app.StakingKeeper.GetAllValidators(context)) {
		validator.UnbondingHeight = 0
		isJailed := validator.OperatorAddress != allowed
		validator.Jailed = validator.Jailed || isJailed
		check(app.StakingKeeper.SetValidator(context, validator))
		if isJailed {
			check(app.StakingKeeper.DeleteValidatorByPowerIndex(context, validator))
		}
	}
	must(app.StakingKeeper.ApplyAndReturnValidatorSetUpdates(context))
}

func forgetHeights(app *simapp.SimApp, context sdk.Context) {
	check(app.StakingKeeper.IterateRedelegations(context, func(_ int64, record staking.Redelegation) bool {
		for i := range record.Entries {
			record.Entries[i].CreationHeight = 0
		}
		check(app.StakingKeeper.SetRedelegation(context, record))
		return false
	}))
	check(app.StakingKeeper.IterateUnbondingDelegations(context, func(_ int64, record staking.UnbondingDelegation) bool {
		for i := range record.Entries {
			record.Entries[i].CreationHeight = 0
		}
		check(app.StakingKeeper.SetUnbondingDelegation(context, record))
		return false
	}))
	check(app.SlashingKeeper.IterateValidatorSigningInfos(context, func(address sdk.ConsAddress, info slashing.ValidatorSigningInfo) bool {
		info.StartHeight = 0
		check(app.SlashingKeeper.SetValidatorSigningInfo(context, address, info))
		return false
	}))
}

func operatorOf(text string) sdk.ValAddress { return must(sdk.ValAddressFromBech32(text)) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}
