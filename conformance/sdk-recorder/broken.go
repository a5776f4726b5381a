package main

import (
	signingv1beta1 "cosmossdk.io/api/cosmos/tx/signing/v1beta1"
	txv1beta1 "cosmossdk.io/api/cosmos/tx/v1beta1"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// breakTx gives a transaction one fault for the decoder or for a step of the ante chain.
func (w *world) breakTx(bytes []byte) ([]byte, string) {
	raw := &txv1beta1.TxRaw{}
	if err := proto.Unmarshal(bytes, raw); err != nil {
		panic(err)
	}
	info, body := &txv1beta1.AuthInfo{}, &txv1beta1.TxBody{}
	if err := proto.Unmarshal(raw.AuthInfoBytes, info); err != nil {
		panic(err)
	}
	if err := proto.Unmarshal(raw.BodyBytes, body); err != nil {
		panic(err)
	}
	encode := func() []byte {
		options := proto.MarshalOptions{Deterministic: true}
		raw.AuthInfoBytes, raw.BodyBytes = must(options.Marshal(info)), must(options.Marshal(body))
		return must(options.Marshal(raw))
	}
	// Numbers from 1024 on may be unknown to a decoder, in the body.
	unknown := func(number uint64) []byte {
		return append(protowire.AppendTag(nil, protowire.Number(number), protowire.BytesType), 1, 7)
	}
	switch w.rng.Intn(24) {
	case 0:
		return bytes[:len(bytes)-1-w.rng.Intn(40)], "cut"
	case 1:
		return append(append([]byte{}, bytes...), 0x20, 0x01), "unknown field"
	case 2:
		raw.Signatures = nil
		return must(proto.Marshal(raw)), "no signature"
	case 3:
		raw.Signatures = append(raw.Signatures, raw.Signatures[0])
		return must(proto.Marshal(raw)), "one signature more"
	case 4:
		raw.Signatures[0] = raw.Signatures[0][:len(raw.Signatures[0])-1]
		return must(proto.Marshal(raw)), "short signature"
	case 5:
		raw.Signatures[0] = append([]byte{}, raw.Signatures[0]...)
		raw.Signatures[0][9] ^= 1
		return must(proto.Marshal(raw)), "wrong signature"
	case 6:
		body.Messages = nil
		return encode(), "no messages"
	case 7:
		body.Messages[0].TypeUrl = []string{"/cosmos.bank.v1beta1.MsgNothing", "", "cosmos.bank.v1beta1.MsgSend", "/cosmos.bank.v1beta1.QueryBalanceRequest"}[w.rng.Intn(4)]
		return encode(), "wrong type"
	case 8:
		body.Messages[0].Value = append(append([]byte{}, body.Messages[0].Value...), 0xff)
		return encode(), "wrong message"
	case 9:
		info.SignerInfos = append(info.SignerInfos, info.SignerInfos[0])
		return encode(), "one signer more"
	case 10:
		info.SignerInfos = nil
		return encode(), "no signer infos"
	case 11:
		info.SignerInfos[0].PublicKey = nil
		return encode(), "no key"
	case 12:
		key := secp256k1.GenPrivKeyFromSecret([]byte("another")).PubKey().Bytes()
		info.SignerInfos[0].PublicKey.Value = append([]byte{0x0a, 33}, key...)
		info.SignerInfos[0].PublicKey.TypeUrl = []string{"/cosmos.crypto.secp256k1.PubKey", "/cosmos.crypto.secp256r1.PubKey"}[w.rng.Intn(2)]
		return encode(), "another key"
	case 13:
		info.SignerInfos[0].PublicKey.TypeUrl = "/cosmos.crypto.ed25519.PubKey"
		info.SignerInfos[0].PublicKey.Value = append([]byte{0x0a, 32}, digest("key")...)
		return encode(), "ed25519 key"
	case 14:
		info.SignerInfos[0].ModeInfo = nil
		return encode(), "no mode"
	case 15:
		info.SignerInfos[0].ModeInfo = &txv1beta1.ModeInfo{Sum: &txv1beta1.ModeInfo_Single_{Single: &txv1beta1.ModeInfo_Single{Mode: []signingv1beta1.SignMode{0, 2, 3, 99}[w.rng.Intn(4)]}}}
		return encode(), "other mode"
	case 16:
		info.Fee = nil
		return encode(), "no fee"
	case 17:
		if len(info.Fee.Amount) > 0 {
			info.Fee.Amount[0].Amount = []string{"-5", "", "x", "0", "99999999999999999999999"}[w.rng.Intn(5)]
		}
		return encode(), "wrong fee"
	case 18:
		info.Fee.GasLimit = []uint64{0, 1, 1 << 63, 1<<64 - 1}[w.rng.Intn(4)]
		return encode(), "wrong gas"
	case 19:
		info.Fee.Payer = []string{"x", w.someone().address.String(), sdk.AccAddress(digest("nobody")[:20]).String()}[w.rng.Intn(3)]
		return encode(), "wrong payer"
	case 20:
		info.Fee.Granter = []string{"x", w.someone().address.String(), sdk.AccAddress(digest("nobody")[:20]).String()}[w.rng.Intn(3)]
		return encode(), "wrong granter"
	case 21:
		raw.BodyBytes = append(raw.BodyBytes, unknown([]uint64{14, 1031}[w.rng.Intn(2)])...)
		return must(proto.Marshal(raw)), "unknown field of the body"
	case 22:
		raw.AuthInfoBytes = append(raw.AuthInfoBytes, unknown([]uint64{9, 1031}[w.rng.Intn(2)])...)
		return must(proto.Marshal(raw)), "unknown field of who signs"
	default:
		return digest(w.time, "noise")[:1+w.rng.Intn(31)], "noise"
	}
}
