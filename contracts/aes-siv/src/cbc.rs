use core::array::from_fn;

use aes::cipher::BlockCipherEncrypt;
use aes::Aes128Enc;

pub const BLOCK_BYTES: usize = 16;
/// How many blocks `aes` encrypts in the time of one.
pub const LANES: usize = 4;

pub type Block = [u8; BLOCK_BYTES];

/// Blocks to be chained, and the chaining value before them.
#[derive(Clone, Copy, Default)]
pub struct Chain<'a> {
    pub value: Block,
    pub blocks: &'a [Block],
}

/// CBC to the end of every chain, as many of them side by side as there are lanes.
pub fn run(cipher: &Aes128Enc, chains: &mut [Chain]) {
    loop {
        let mut unfinished = chains.iter_mut().filter(|chain| !chain.blocks.is_empty());
        let mut lanes: [Option<&mut Chain>; LANES] = from_fn(|_| unfinished.next());
        let lengths = lanes.iter().flatten().map(|chain| chain.blocks.len());
        let Some(steps) = lengths.min() else { return };
        let mut values = [aes::Block::default(); LANES];
        for (value, chain) in values.iter_mut().zip(lanes.iter().flatten()) {
            value.0 = chain.value;
        }
        for step in 0..steps {
            for (value, chain) in values.iter_mut().zip(lanes.iter().flatten()) {
                xor(&mut value.0, &chain.blocks[step]);
            }
            cipher.encrypt_blocks(&mut values);
        }
        for (value, chain) in values.iter().zip(lanes.iter_mut().flatten()) {
            chain.value = value.0;
            chain.blocks = &chain.blocks[steps..];
        }
    }
}

pub fn xor(target: &mut Block, mask: &Block) {
    *target = (u128::from_ne_bytes(*target) ^ u128::from_ne_bytes(*mask)).to_ne_bytes();
}
