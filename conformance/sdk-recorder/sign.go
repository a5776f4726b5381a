package main

import (
	"context"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/crypto/types/multisig"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

// plan is what a transaction does and how it pays.
type plan struct {
	messages []sdk.Msg
	gas      uint64
	fee      sdk.Coins
	granter  sdk.AccAddress
	payer    sdk.AccAddress
	memo     string
	timeout  uint64
	amino    bool
	// aux lets all signers but the first sign without the fee.
	aux bool
}

// signer is who signs a transaction, with the numbers that go into what is signed.
type signer struct {
	account  *account
	number   uint64
	sequence uint64
}

// mode of the signer at a position.
func (p plan) mode(at int) signing.SignMode {
	if p.aux && at > 0 {
		return signing.SignMode_SIGN_MODE_DIRECT_AUX
	}
	if p.amino {
		return signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	}
	return signing.SignMode_SIGN_MODE_DIRECT
}

func (w *world) sign(p plan, signers ...signer) authsigning.Tx {
	builder := w.app.TxConfig().NewTxBuilder()
	if err := builder.SetMsgs(p.messages...); err != nil {
		panic(err)
	}
	builder.SetGasLimit(p.gas)
	builder.SetFeeAmount(p.fee)
	builder.SetMemo(p.memo)
	builder.SetTimeoutHeight(p.timeout)
	if p.granter != nil {
		builder.SetFeeGranter(p.granter)
	}
	if p.payer != nil {
		builder.SetFeePayer(p.payer)
	}
	signatures := []signing.SignatureV2{}
	for i, one := range signers {
		signatures = append(signatures, signing.SignatureV2{PubKey: one.account.public(), Data: unsigned(p.mode(i), one.account), Sequence: one.sequence})
	}
	if err := builder.SetSignatures(signatures...); err != nil {
		panic(err)
	}
	for i, one := range signers {
		signatures[i].Data = w.signature(p.mode(i), one, builder.GetTx())
	}
	if err := builder.SetSignatures(signatures...); err != nil {
		panic(err)
	}
	return builder.GetTx()
}

func unsigned(mode signing.SignMode, a *account) signing.SignatureData {
	if len(a.members) == 0 {
		return &signing.SingleSignatureData{SignMode: mode}
	}
	single := func(member *secp256k1.PrivKey) signing.SignatureData {
		return &signing.SingleSignatureData{SignMode: signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON, Signature: []byte(member.String())}
	}
	return a.together(func(i int) bool { return i < 2 }, single)
}

// together joins what members sign, of those that are asked; an inner multisig's second member signs for it.
func (a *account) together(asked func(int) bool, sign func(*secp256k1.PrivKey) signing.SignatureData) signing.SignatureData {
	size := len(a.members)
	if len(a.inner) > 0 {
		size++
	}
	data := multisig.NewMultisig(size)
	for i, member := range a.members {
		if asked(i) {
			multisig.AddSignature(data, sign(member), i)
		}
	}
	if len(a.inner) > 0 && asked(len(a.members)) {
		inner := multisig.NewMultisig(len(a.inner))
		multisig.AddSignature(inner, sign(a.inner[1]), 1)
		multisig.AddSignature(data, inner, len(a.members))
	}
	return data
}

func (w *world) signature(mode signing.SignMode, one signer, tx authsigning.Tx) signing.SignatureData {
	data := authsigning.SignerData{Address: one.account.address.String(), ChainID: w.chainID, AccountNumber: one.number, Sequence: one.sequence, PubKey: one.account.public()}
	if len(one.account.members) == 0 {
		bytes := must(authsigning.GetSignBytesAdapter(context.Background(), w.app.TxConfig().SignModeHandler(), mode, data, tx))
		return &signing.SingleSignatureData{SignMode: mode, Signature: must(one.account.key.Sign(bytes))}
	}
	mode = signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON
	bytes := must(authsigning.GetSignBytesAdapter(context.Background(), w.app.TxConfig().SignModeHandler(), mode, data, tx))
	left := 0
	asked := func(i int) bool {
		if i < len(one.account.members) && i == w.rng.Intn(len(one.account.members)) && i < 2 && (len(one.account.inner) == 0 || left == 0) {
			left++
			return false
		}
		return true
	}
	return one.account.together(asked, func(member *secp256k1.PrivKey) signing.SignatureData {
		return &signing.SingleSignatureData{SignMode: mode, Signature: must(member.Sign(bytes))}
	})
}
