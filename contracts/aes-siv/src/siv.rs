use core::array::from_fn;
use core::ops::Range;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::Aes128Enc;

use crate::cbc::{self, xor, Block, Chain, BLOCK_BYTES, LANES};

pub const KEY_BYTES: usize = 2 * BLOCK_BYTES;
/// How many items of associated data, and how many messages, one call works on.
pub const ITEMS_MAX: usize = 24;
pub const MESSAGES_MAX: usize = 8;

pub struct Key {
    chain: Aes128Enc,
    stream: Aes128Enc,
    /// CMAC's subkeys (RFC 4493): for a last block that is whole, and for one that is filled up.
    whole: Block,
    filled: Block,
    /// CMAC of the zero block, where S2V begins.
    start: Block,
}

/// Where an item of associated data lies, in whole blocks.
#[derive(Clone, Copy, Default)]
struct Item {
    at: usize,
    bytes: usize,
}

/// Where a message lies: its items, a block for its synthetic IV, its text.
#[derive(Clone, Default)]
pub struct Message {
    /// Which of all items are its own.
    items: Range<usize>,
    iv_at: usize,
    text_bytes: usize,
}

/// What lies in the working memory, one message after the other.
#[derive(Default)]
pub struct Layout {
    items: [Item; ITEMS_MAX],
    item_count: usize,
    messages: [Message; MESSAGES_MAX],
    message_count: usize,
}

impl Layout {
    /// @param lengths for each message, how many items it has, theirs and its text's.
    pub fn new(messages: usize, lengths: &[u32]) -> Self {
        let mut lengths = lengths.iter().map(|length| *length as usize);
        let mut next = || lengths.next().unwrap();
        let mut layout = Self {
            message_count: messages,
            ..Self::default()
        };
        let mut at = 0;
        for message in &mut layout.messages[..messages] {
            let first = layout.item_count;
            layout.item_count += next();
            for item in &mut layout.items[first..layout.item_count] {
                *item = Item { at, bytes: next() };
                at += cmac_bytes(item.bytes);
            }
            *message = Message {
                items: first..layout.item_count,
                iv_at: at,
                text_bytes: next(),
            };
            at += BLOCK_BYTES + message.text_bytes.next_multiple_of(BLOCK_BYTES);
        }
        layout
    }

    fn items(&self) -> &[Item] {
        &self.items[..self.item_count]
    }

    pub fn messages(&self) -> &[Message] {
        &self.messages[..self.message_count]
    }
}

impl Message {
    fn text(&self) -> Range<usize> {
        let at = self.iv_at + BLOCK_BYTES;
        at..at + self.text_bytes
    }

    /// The last 16 bytes, which S2V's state goes into, from the beginning of their first block on.
    fn end(&self) -> Range<usize> {
        let Range { start, end } = self.text();
        let before = self.text_bytes.saturating_sub(BLOCK_BYTES) / BLOCK_BYTES;
        start + before * BLOCK_BYTES..end
    }

    pub fn iv<'a>(&self, work: &'a mut [u8]) -> &'a mut Block {
        work[self.iv_at..].first_chunk_mut().unwrap()
    }
}

impl Key {
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        let (chain, stream) = key.split_at(BLOCK_BYTES);
        let chain = Aes128Enc::new_from_slice(chain).unwrap();
        let stream = Aes128Enc::new_from_slice(stream).unwrap();
        let mut zero = aes::Block::default();
        chain.encrypt_block(&mut zero);
        let whole = double(&zero.0);
        let mut start = aes::Block::from(whole);
        chain.encrypt_block(&mut start);
        let filled = double(&whole);
        Self {
            chain,
            stream,
            whole,
            filled,
            start: start.0,
        }
    }

    /// S2V (RFC 5297 section 2.4): puts each message's synthetic IV in its place.
    pub fn authenticate(&self, work: &mut [u8], layout: &Layout) {
        for item in layout.items() {
            self.close(&mut work[item.at..][..cmac_bytes(item.bytes)], item.bytes);
        }
        let mut chains = [Chain::default(); ITEMS_MAX + MESSAGES_MAX];
        let (items, texts) = chains.split_at_mut(layout.item_count);
        for (chain, item) in items.iter_mut().zip(layout.items()) {
            chain.blocks = blocks(&work[item.at..][..cmac_bytes(item.bytes)]);
        }
        for (chain, message) in texts.iter_mut().zip(layout.messages()) {
            chain.blocks = blocks(&work[message.text().start..message.end().start]);
        }
        cbc::run(
            &self.chain,
            &mut chains[..layout.item_count + layout.message_count],
        );
        let values = chains.map(|chain| chain.value);
        let (items, texts) = values.split_at(layout.item_count);

        let mut ends = [[[0; BLOCK_BYTES]; 2]; MESSAGES_MAX];
        let mut chains = [Chain::default(); MESSAGES_MAX];
        let chains = &mut chains[..layout.message_count];
        for (index, (end, chain)) in ends.iter_mut().zip(chains.iter_mut()).enumerate() {
            let message = &layout.messages[index];
            let mut state = self.start;
            for item in &items[message.items.clone()] {
                state = double(&state);
                xor(&mut state, item);
            }
            let blocks = self.write_end(end, &work[message.end()], &state);
            *chain = Chain {
                value: texts[index],
                blocks,
            };
        }
        cbc::run(&self.chain, chains);
        for (message, chain) in layout.messages().iter().zip(chains) {
            *message.iv(work) = chain.value;
        }
    }

    /// The last one or two blocks of CMAC's input. @param text what `Message::end` says.
    fn write_end<'a>(&self, end: &'a mut [Block; 2], text: &[u8], state: &Block) -> &'a [Block] {
        let bytes = end.as_flattened_mut();
        bytes[..text.len()].copy_from_slice(text);
        let mut used = text.len();
        if let Some(at) = text.len().checked_sub(BLOCK_BYTES) {
            xor(bytes[at..].first_chunk_mut().unwrap(), state);
        } else {
            bytes[used] = FILL;
            used = BLOCK_BYTES;
            xor(&mut end[0], &double(state));
        }
        let count = used.div_ceil(BLOCK_BYTES);
        self.close(end[..count].as_flattened_mut(), used);
        &end[..count]
    }

    /// Makes CMAC's input of `bytes` bytes: filled up to whole blocks, the last one under a subkey.
    fn close(&self, blocks: &mut [u8], bytes: usize) {
        let is_whole = bytes == blocks.len();
        if !is_whole {
            blocks[bytes..].fill(0);
            blocks[bytes] = FILL;
        }
        let last = blocks.last_chunk_mut().unwrap();
        xor(last, if is_whole { &self.whole } else { &self.filled });
    }

    /// Xors a text with the key stream that its synthetic IV begins (RFC 5297 section 2.5).
    pub fn apply_stream(&self, work: &mut [u8], message: &Message) {
        let mut counter = u128::from_be_bytes(*message.iv(work)) & !(1 << 63 | 1 << 31);
        for piece in work[message.text()].chunks_mut(LANES * BLOCK_BYTES) {
            let mut pad: [aes::Block; LANES] =
                from_fn(|lane| (counter + lane as u128).to_be_bytes().into());
            counter += LANES as u128;
            self.stream.encrypt_blocks(&mut pad);
            for (byte, mask) in piece.iter_mut().zip(pad.iter().flat_map(|block| block.0)) {
                *byte ^= mask;
            }
        }
    }
}

const FILL: u8 = 0x80;

/// Bytes in as many blocks as CMAC makes of `bytes`.
fn cmac_bytes(bytes: usize) -> usize {
    bytes.next_multiple_of(BLOCK_BYTES).max(BLOCK_BYTES)
}

fn blocks(bytes: &[u8]) -> &[Block] {
    bytes.as_chunks().0
}

/// Multiplication by x in GF(2^128) with the polynomial of CMAC.
fn double(block: &Block) -> Block {
    let value = u128::from_be_bytes(*block);
    let carried = 0x87 & (value >> 127).wrapping_neg();
    (value << 1 ^ carried).to_be_bytes()
}
