// Command sdk-recorder decides the blocks of a chain on the test application of ibc-go with seeded
// random transactions, votes, absences and double signs, and writes what the application answered,
// in the format of vectors/sdk-golden.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"cosmossdk.io/log"
	"cosmossdk.io/store/rootmulti"
	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	"github.com/cosmos/ibc-go/v8/testing/simapp"
)

type event struct {
	Type       string      `json:"type"`
	Attributes []attribute `json:"attributes"`
}

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Index bool   `json:"index"`
}

func events(list []abci.Event) []event {
	out := []event{}
	for _, e := range list {
		attributes := []attribute{}
		for _, a := range e.Attributes {
			attributes = append(attributes, attribute{a.Key, a.Value, a.Index})
		}
		out = append(out, event{e.Type, attributes})
	}
	return out
}

func upper(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

func main() {
	seed := flag.Int64("seed", 1, "seed of everything random")
	blocks := flag.Int64("blocks", 200, "how many blocks")
	directory := flag.String("out", "", "folder for genesis.json, blocks.jsonl and script.json")
	without := flag.String("without", "", "leave out operations whose label begins so, such as gov")
	governance := flag.Bool("governance", false, "make every second operation one of governance, odd ones among them")
	wide := flag.Bool("wide", false, "also make seldom messages, broken transactions, and more trouble with validators")
	export := flag.Bool("export", false, "also write export.json, after.jsonl and zero.json")
	flag.Parse()
	if *directory == "" {
		fmt.Fprintln(os.Stderr, "sdk-recorder --seed 7 --blocks 200 --out DIRECTORY")
		os.Exit(2)
	}
	if err := os.MkdirAll(*directory, 0o755); err != nil {
		panic(err)
	}
	choices := choices{without: *without, governance: *governance, wide: *wide}
	world, app := record(*seed, *blocks, *directory, choices)
	if *export {
		writeExport(world, app, *directory)
	}
}

// choices say which operations there are.
type choices struct {
	// without names operations to leave out, by the start of their label.
	without string
	// governance makes every second operation one of governance.
	governance bool
	// wide adds the operations of stretch, faults of transactions, and more trouble with validators.
	wide bool
}

func record(seed, blocks int64, directory string, choices choices) (*world, *simapp.SimApp) {
	rng := rand.New(rand.NewSource(seed))
	app := simapp.NewSimApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true, simtestutil.NewAppOptionsWithFlagHome(os.TempDir()), baseapp.SetChainID(fmt.Sprintf("recorded-%d", seed)))
	world := newWorld(rng, app, fmt.Sprintf("recorded-%d", seed))
	world.choices = choices
	genesis := world.genesis()
	writeJSON(filepath.Join(directory, "genesis.json"), genesis)
	appState, _ := json.Marshal(genesis["app_state"])
	params := world.consensusParams()
	answer, err := app.InitChain(&abci.RequestInitChain{
		Time: world.time, ChainId: world.chainID, ConsensusParams: &params,
		Validators: []abci.ValidatorUpdate{}, AppStateBytes: appState, InitialHeight: 1,
	})
	if err != nil {
		panic(err)
	}
	world.sets.start(answer.Validators)

	file, err := os.Create(filepath.Join(directory, "blocks.jsonl"))
	if err != nil {
		panic(err)
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	defer out.Flush()
	script := []transaction{}
	for height := int64(1); height <= blocks; height++ {
		request, labels := world.nextBlock(height)
		response, err := app.FinalizeBlock(request)
		if err != nil {
			// The application itself stops at some sequences; what it answered before them stands.
			fmt.Printf("the application stops at height %d: %v\n", height, err)
			break
		}
		if _, err := app.Commit(); err != nil {
			panic(err)
		}
		world.sets.update(height, response.ValidatorUpdates)
		for i, result := range response.TxResults {
			script = append(script, transaction{labels[i], height, result.Code, result.Codespace})
		}
		line, _ := json.Marshal(blockLine(app, request, response))
		out.Write(line)
		out.WriteByte('\n')
	}
	writeJSON(filepath.Join(directory, "script.json"), script)
	summarize(script)
	return world, app
}

type transaction struct {
	Label     string `json:"label"`
	Height    int64  `json:"height"`
	Code      uint32 `json:"code"`
	Codespace string `json:"codespace"`
}

func summarize(script []transaction) {
	summary := map[string][2]int{}
	for _, one := range script {
		counts := summary[one.Label]
		if one.Code == 0 {
			counts[0]++
		} else {
			counts[1]++
		}
		summary[one.Label] = counts
	}
	names := []string{}
	for name := range summary {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Printf("%-50s succeeded %d failed %d\n", name, summary[name][0], summary[name][1])
	}
}

func writeJSON(path string, value any) {
	text, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		panic(err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		panic(err)
	}
}

func blockLine(app *simapp.SimApp, request *abci.RequestFinalizeBlock, response *abci.ResponseFinalizeBlock) map[string]any {
	votes := []map[string]any{}
	for _, vote := range request.DecidedLastCommit.Votes {
		votes = append(votes, map[string]any{
			"address": upper(vote.Validator.Address), "power": fmt.Sprint(vote.Validator.Power), "block_id_flag": int(vote.BlockIdFlag),
		})
	}
	misbehavior := []map[string]any{}
	for _, m := range request.Misbehavior {
		misbehavior = append(misbehavior, map[string]any{
			"type":      int(m.Type),
			"validator": map[string]any{"address": upper(m.Validator.Address), "power": fmt.Sprint(m.Validator.Power)},
			"height":    fmt.Sprint(m.Height), "time": m.Time.Format(time.RFC3339Nano), "total_voting_power": fmt.Sprint(m.TotalVotingPower),
		})
	}
	txs := []string{}
	for _, tx := range request.Txs {
		txs = append(txs, base64.StdEncoding.EncodeToString(tx))
	}
	results := []map[string]any{}
	for _, r := range response.TxResults {
		results = append(results, map[string]any{
			"code": r.Code, "data": base64.StdEncoding.EncodeToString(r.Data), "log": r.Log, "info": r.Info,
			"gas_wanted": fmt.Sprint(r.GasWanted), "gas_used": fmt.Sprint(r.GasUsed), "events": events(r.Events), "codespace": r.Codespace,
		})
	}
	updates := []map[string]any{}
	for _, update := range response.ValidatorUpdates {
		row := map[string]any{"pub_key": map[string]any{"Sum": map[string]any{
			"type":  "tendermint.crypto.PublicKey_Ed25519",
			"value": map[string]any{"ed25519": base64.StdEncoding.EncodeToString(update.PubKey.GetEd25519())},
		}}}
		if update.Power != 0 {
			row["power"] = fmt.Sprint(update.Power)
		}
		updates = append(updates, row)
	}
	roots := map[string]string{}
	info, err := app.CommitMultiStore().(*rootmulti.Store).GetCommitInfo(request.Height)
	if err != nil {
		panic(err)
	}
	for _, store := range info.StoreInfos {
		roots[store.Name] = hex.EncodeToString(store.CommitId.Hash)
	}
	return map[string]any{
		"height": request.Height, "hash": upper(request.Hash), "time": request.Time.Format(time.RFC3339Nano),
		"proposer_address": upper(request.ProposerAddress), "next_validators_hash": upper(request.NextValidatorsHash),
		"decided_last_commit": map[string]any{"round": request.DecidedLastCommit.Round, "votes": votes},
		"misbehavior":         misbehavior, "txs": txs,
		"expect": map[string]any{
			"app_hash": hex.EncodeToString(response.AppHash), "store_roots": roots, "tx_results": results,
			"events": events(response.Events), "validator_updates": updates,
			"consensus_param_updates": consensusUpdates(response.ConsensusParamUpdates),
		},
	}
}

func consensusUpdates(params *cmtproto.ConsensusParams) map[string]any {
	if params == nil {
		return nil
	}
	return map[string]any{
		"block":     map[string]any{"max_bytes": fmt.Sprint(params.Block.MaxBytes), "max_gas": fmt.Sprint(params.Block.MaxGas)},
		"evidence":  map[string]any{"max_age_num_blocks": fmt.Sprint(params.Evidence.MaxAgeNumBlocks), "max_age_duration": fmt.Sprint(params.Evidence.MaxAgeDuration.Nanoseconds()), "max_bytes": fmt.Sprint(params.Evidence.MaxBytes)},
		"validator": map[string]any{"pub_key_types": params.Validator.PubKeyTypes},
		"version":   map[string]any{}, "abci": map[string]any{},
	}
}
