package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand"
	"sort"
	"time"

	sdkmath "cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	"github.com/cosmos/cosmos-sdk/crypto/keys/multisig"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	cryptotypes "github.com/cosmos/cosmos-sdk/crypto/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/ibc-go/v8/testing/simapp"
)

const accountCount = 15
const genesisValidators = 4

// account is a key pair of the chain's people; each may run a validator.
type account struct {
	key       *secp256k1.PrivKey
	address   sdk.AccAddress
	consensus *ed25519.PrivKey
	// members of a multisig account of two; it has no key of its own.
	members []*secp256k1.PrivKey
	// inner are the members of a multisig of one that is itself the last member.
	inner []*secp256k1.PrivKey
}

func (a *account) public() cryptotypes.PubKey {
	if len(a.members) == 0 {
		return a.key.PubKey()
	}
	keys := publicKeys(a.members)
	if len(a.inner) > 0 {
		keys = append(keys, multisig.NewLegacyAminoPubKey(1, publicKeys(a.inner)))
	}
	return multisig.NewLegacyAminoPubKey(2, keys)
}

func publicKeys(private []*secp256k1.PrivKey) []cryptotypes.PubKey {
	keys := []cryptotypes.PubKey{}
	for _, one := range private {
		keys = append(keys, one.PubKey())
	}
	return keys
}

func (a account) operator() string { return sdk.ValAddress(a.address).String() }

type world struct {
	rng      *rand.Rand
	app      *simapp.SimApp
	chainID  string
	time     time.Time
	accounts []account
	sets     *validatorSets
	asleep   map[string]int64
	// sequences of this block's transactions, by account.
	sequences map[string]uint64
	proposals uint64
	fresh     int
	choices
	// newcomers have keys; their accounts may not exist yet.
	newcomers []account
}

func newWorld(rng *rand.Rand, app *simapp.SimApp, chainID string) *world {
	w := &world{
		rng: rng, app: app, chainID: chainID,
		time:   time.Date(2026, 11, 24, 10, 0, 0, 123456789, time.UTC),
		sets:   &validatorSets{},
		asleep: map[string]int64{},
	}
	for i := 0; i < accountCount; i++ {
		w.accounts = append(w.accounts, account{
			key:       secp256k1.GenPrivKeyFromSecret([]byte(fmt.Sprintf("%s account %d", chainID, i))),
			consensus: ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprintf("%s validator %d", chainID, i))),
		})
		if i == accountCount-5 {
			for member := 0; member < 3; member++ {
				w.accounts[i].members = append(w.accounts[i].members, secp256k1.GenPrivKeyFromSecret([]byte(fmt.Sprintf("%s member %d", chainID, member))))
			}
		}
		w.accounts[i].address = sdk.AccAddress(w.accounts[i].public().Address())
	}
	return w
}

func (w *world) consensusParams() cmtproto.ConsensusParams {
	return cmtproto.ConsensusParams{
		Block:     &cmtproto.BlockParams{MaxBytes: 22020096, MaxGas: -1},
		Evidence:  &cmtproto.EvidenceParams{MaxAgeNumBlocks: 60, MaxAgeDuration: 200 * time.Second, MaxBytes: 1048576},
		Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}},
		Version:   &cmtproto.VersionParams{}, Abci: &cmtproto.ABCIParams{},
	}
}

func dec(text string) sdkmath.LegacyDec { return sdkmath.LegacyMustNewDecFromStr(text) }

func coins(amount int64) sdk.Coins { return sdk.NewCoins(sdk.NewInt64Coin("stake", amount)) }

func (w *world) genesis() map[string]any {
	cdc := w.app.AppCodec()
	state := w.app.DefaultGenesis()
	accounts := []authtypes.GenesisAccount{}
	balances := []banktypes.Balance{}
	for i, a := range w.accounts {
		base := authtypes.NewBaseAccount(a.address, nil, uint64(i), 0)
		held := sdk.NewCoins(sdk.NewInt64Coin("stake", 2_000_000_000), sdk.NewInt64Coin("token", 7_000_000), sdk.NewInt64Coin("coral", int64(1000+i)))
		start := w.time.Unix()
		switch i {
		case accountCount - 1:
			base := must(vestingtypes.NewBaseVestingAccount(base, coins(900_000_000), start+400))
			accounts = append(accounts, vestingtypes.NewContinuousVestingAccountRaw(base, start+10))
		case accountCount - 2:
			base := must(vestingtypes.NewBaseVestingAccount(base, coins(900_000_000), start+150))
			accounts = append(accounts, vestingtypes.NewDelayedVestingAccountRaw(base))
		case accountCount - 3:
			periods := vestingtypes.Periods{{Length: 50, Amount: coins(300_000_000)}, {Length: 100, Amount: coins(600_000_000)}}
			base := must(vestingtypes.NewBaseVestingAccount(base, coins(900_000_000), start+150))
			accounts = append(accounts, vestingtypes.NewPeriodicVestingAccountRaw(base, start, periods))
		case accountCount - 4:
			accounts = append(accounts, must(vestingtypes.NewPermanentLockedAccount(base, coins(900_000_000))))
		default:
			accounts = append(accounts, base)
		}
		balances = append(balances, banktypes.Balance{Address: a.address.String(), Coins: held})
	}
	auth := authtypes.NewGenesisState(authtypes.DefaultParams(), accounts)
	state[authtypes.ModuleName] = cdc.MustMarshalJSON(auth)

	bank := banktypes.DefaultGenesisState()
	bank.Balances = balances
	bank.DenomMetadata = []banktypes.Metadata{{
		Description: "a coin", Base: "stake", Display: "bigstake", Name: "Stake", Symbol: "STK",
		DenomUnits: []*banktypes.DenomUnit{{Denom: "stake"}, {Denom: "bigstake", Exponent: 6}},
	}}
	bank.SendEnabled = []banktypes.SendEnabled{{Denom: "coral", Enabled: false}}
	state[banktypes.ModuleName] = cdc.MustMarshalJSON(bank)

	staking := stakingtypes.DefaultGenesisState()
	staking.Params.UnbondingTime = time.Duration(15+w.rng.Intn(40)) * time.Second
	staking.Params.MaxValidators = uint32(3 + w.rng.Intn(4))
	staking.Params.MaxEntries = uint32(2 + w.rng.Intn(4))
	staking.Params.HistoricalEntries = uint32(w.rng.Intn(20))
	staking.Params.MinCommissionRate = dec("0.01")
	state[stakingtypes.ModuleName] = cdc.MustMarshalJSON(staking)

	slashing := slashingtypes.DefaultGenesisState()
	slashing.Params.SignedBlocksWindow = int64(8 + w.rng.Intn(20))
	slashing.Params.MinSignedPerWindow = dec("0.4")
	slashing.Params.DowntimeJailDuration = 9 * time.Second
	slashing.Params.SlashFractionDowntime = dec("0.013")
	slashing.Params.SlashFractionDoubleSign = dec("0.07")
	state[slashingtypes.ModuleName] = cdc.MustMarshalJSON(slashing)

	mint := minttypes.DefaultGenesisState()
	mint.Params.BlocksPerYear = uint64(20_000 + w.rng.Intn(200_000))
	state[minttypes.ModuleName] = cdc.MustMarshalJSON(mint)

	gov := govv1.DefaultGenesisState()
	short, expedited, deposit := 18*time.Second, 7*time.Second, 40*time.Second
	gov.Params.VotingPeriod, gov.Params.ExpeditedVotingPeriod, gov.Params.MaxDepositPeriod = &short, &expedited, &deposit
	gov.Params.MinDeposit, gov.Params.ExpeditedMinDeposit = coins(5000), coins(9000)
	gov.Params.MinInitialDepositRatio = "0.020000000000000000"
	gov.Params.Quorum = "0.200000000000000000"
	gov.Params.BurnVoteQuorum = w.rng.Intn(2) == 0
	gov.Params.MinDepositRatio = "0.0" + fmt.Sprint(w.rng.Intn(9)) + "0000000000000000"
	state["gov"] = cdc.MustMarshalJSON(gov)

	state[genutiltypes.ModuleName] = w.genTxs()
	return map[string]any{
		"app_name": "simapp", "app_version": "", "genesis_time": w.time.Format(time.RFC3339Nano),
		"chain_id": w.chainID, "initial_height": 1, "app_hash": nil, "app_state": state,
		"consensus": map[string]any{"params": map[string]any{
			"block":     map[string]any{"max_bytes": "22020096", "max_gas": "-1"},
			"evidence":  map[string]any{"max_age_num_blocks": "60", "max_age_duration": fmt.Sprint((200 * time.Second).Nanoseconds()), "max_bytes": "1048576"},
			"validator": map[string]any{"pub_key_types": []string{"ed25519"}},
			"version":   map[string]any{"app": "0"}, "abci": map[string]any{"vote_extensions_enable_height": "0"},
		}},
	}
}

func (w *world) genTxs() json.RawMessage {
	txs := []json.RawMessage{}
	for i := 0; i < genesisValidators; i++ {
		message := w.createValidator(&w.accounts[i], 300_000_000+int64(i)*1_234_567)
		tx := w.sign(plan{messages: []sdk.Msg{message}, gas: 200_000}, signer{account: &w.accounts[i]})
		txs = append(txs, must(w.app.TxConfig().TxJSONEncoder()(tx)))
	}
	return must(json.Marshal(map[string]any{"gen_txs": txs}))
}

func (w *world) createValidator(a *account, amount int64) sdk.Msg {
	return must(stakingtypes.NewMsgCreateValidator(a.operator(), a.consensus.PubKey(), sdk.NewInt64Coin("stake", amount),
		stakingtypes.Description{Moniker: "validator " + a.address.String()[7:12], Website: "https://example.com", Details: "recorded"},
		stakingtypes.NewCommissionRates(dec("0.05").Add(dec("0.01").MulInt64(int64(w.rng.Intn(9)))), dec("0.5"), dec("0.02")), sdkmath.NewInt(int64(1+w.rng.Intn(1000)))))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// validatorSets follows which validators vote at which height: a block's updates count two heights later.
type validatorSets struct{ byHeight []map[string]abci.Validator }

func (s *validatorSets) start(updates []abci.ValidatorUpdate) {
	set := apply(map[string]abci.Validator{}, updates)
	s.byHeight = []map[string]abci.Validator{set, set, set}
}

func (s *validatorSets) update(height int64, updates []abci.ValidatorUpdate) {
	s.byHeight = append(s.byHeight, apply(s.byHeight[height+1], updates))
}

func apply(set map[string]abci.Validator, updates []abci.ValidatorUpdate) map[string]abci.Validator {
	next := map[string]abci.Validator{}
	for key, value := range set {
		next[key] = value
	}
	for _, update := range updates {
		key := must(codecKey(update))
		if update.Power == 0 {
			delete(next, string(key))
		} else {
			next[string(key)] = abci.Validator{Address: key, Power: update.Power}
		}
	}
	return next
}

func codecKey(update abci.ValidatorUpdate) ([]byte, error) {
	return (&ed25519.PubKey{Key: update.PubKey.GetEd25519()}).Address(), nil
}

// at gives the validators that vote for the block of a height, strongest first as CometBFT orders them.
func (s *validatorSets) at(height int64) []abci.Validator {
	list := []abci.Validator{}
	for _, validator := range s.byHeight[height] {
		list = append(list, validator)
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].Power != list[j].Power {
			return list[i].Power > list[j].Power
		}
		return bytes.Compare(list[i].Address, list[j].Address) < 0
	})
	return list
}

// rock is the validator that never sleeps, cheats or leaves, so that there is always one.
func (w *world) rock() string { return string(w.accounts[0].consensus.PubKey().Address()) }

func digest(parts ...any) []byte {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	return sum[:]
}

// oneIn says in how many chances something happens to a validator once.
func (w *world) oneIn(chances int) int {
	if w.wide {
		return chances / 3
	}
	return chances
}

func (w *world) nextBlock(height int64) (*abci.RequestFinalizeBlock, []string) {
	if height > 1 {
		w.time = w.time.Add(time.Duration(500+w.rng.Intn(3000))*time.Millisecond + time.Duration(w.rng.Intn(1000)))
		if w.rng.Intn(25) == 0 {
			w.time = w.time.Add(time.Duration(10+w.rng.Intn(60)) * time.Second)
		}
	}
	request := &abci.RequestFinalizeBlock{
		Height: height, Time: w.time, Hash: digest(w.chainID, height, "hash"),
		NextValidatorsHash: digest(w.sets.at(height + 1)),
	}
	present := w.sets.at(height)
	request.ProposerAddress = present[w.rng.Intn(len(present))].Address
	if height > 1 {
		last := w.sets.at(height - 1)
		awake := 0
		for i, validator := range last {
			key := string(validator.Address)
			if w.asleep[key] < height && w.rng.Intn(w.oneIn(40)) == 0 && key != w.rock() {
				w.asleep[key] = height + int64(5+w.rng.Intn(14))
			}
			flag := cmtproto.BlockIDFlagCommit
			if w.asleep[key] >= height && (awake > 0 || i+1 < len(last)) {
				flag = cmtproto.BlockIDFlagAbsent
				if w.rng.Intn(5) == 0 {
					flag = cmtproto.BlockIDFlagNil
				}
			} else {
				awake++
			}
			request.DecidedLastCommit.Votes = append(request.DecidedLastCommit.Votes, abci.VoteInfo{Validator: validator, BlockIdFlag: flag})
		}
		if height > 10 && w.rng.Intn(w.oneIn(35)) == 0 && len(last) > 2 && len(w.sets.at(height-9)) > 2 {
			past := height - int64(1+w.rng.Intn(9))
			guilty := w.sets.at(past)
			validator := guilty[w.rng.Intn(len(guilty))]
			for string(validator.Address) == w.rock() {
				validator = guilty[w.rng.Intn(len(guilty))]
			}
			var total int64
			for _, one := range guilty {
				total += one.Power
			}
			age := time.Duration(height-past) * 2 * time.Second
			if w.rng.Intn(4) == 0 {
				age, past = 300*time.Second, max(1, height-70)
			}
			request.Misbehavior = append(request.Misbehavior, abci.Misbehavior{
				Type: abci.MisbehaviorType(1 + w.rng.Intn(2)), Validator: validator, Height: past, Time: w.time.Add(-age), TotalVotingPower: total,
			})
		}
	}
	w.sequences = map[string]uint64{}
	if w.wide {
		w.welcome()
	}
	labels := []string{}
	if height > 2 {
		for count := w.rng.Intn(7); count > 0; count-- {
			tx, label := w.randomTx()
			if tx != nil {
				request.Txs = append(request.Txs, tx)
				labels = append(labels, label)
			}
		}
	}
	return request, labels
}
