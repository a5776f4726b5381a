//! What JavaScript calls: `ristretto_…` and `edwards_…`.

use alloc::vec::Vec;
use core::slice;
use curve25519_dalek::{
    edwards::CompressedEdwardsY,
    ristretto::CompressedRistretto,
    traits::{MultiscalarMul, VartimeMultiscalarMul},
    EdwardsPoint, RistrettoPoint, Scalar,
};

type Bytes = [u8; 32];

const POINT_BYTES: usize = core::mem::size_of::<RistrettoPoint>();
const _: () = assert!(POINT_BYTES == core::mem::size_of::<EdwardsPoint>());

/// Of either group.
#[no_mangle]
pub extern "C" fn point_bytes() -> usize {
    POINT_BYTES
}

fn decode_ristretto(bytes: Bytes) -> Option<RistrettoPoint> {
    CompressedRistretto(bytes).decompress()
}

/// Of the prime-order subgroup only, and as RFC 8032 writes them: dalek itself takes coordinates
/// from the prime on, and a sign where x is 0.
fn decode_edwards(bytes: Bytes) -> Option<EdwardsPoint> {
    let encoding = CompressedEdwardsY(bytes);
    let point = encoding.decompress()?;
    (point.compress() == encoding && is_torsion_free(&point)).then_some(point)
}

/// The order less one gives the negative exactly where the order gives the identity. Time depends
/// on the point alone, which comes from outside; decoding takes a quarter less of it than with
/// dalek's own check.
fn is_torsion_free(point: &EdwardsPoint) -> bool {
    EdwardsPoint::vartime_multiscalar_mul([-Scalar::ONE], [point]) == -point
}

/// One inversion for all.
fn encode_ristretto_doubles(points: &[RistrettoPoint]) -> Vec<Bytes> {
    let encodings = RistrettoPoint::double_and_compress_batch(points);
    encodings.iter().map(CompressedRistretto::to_bytes).collect()
}

fn encode_edwards_doubles(points: &[EdwardsPoint]) -> Vec<Bytes> {
    points.iter().map(|point| (point + point).compress().0).collect()
}

/// The functions of one group, under the names given for them.
macro_rules! export {
    (
        $Point:ident, $decode:ident, $encode_doubles:ident:
        $decode_all:ident $encode_all:ident $double_all:ident $add:ident $subtract:ident $equal:ident
        $multiply:ident $multiply_base:ident $sum_secret:ident $sum_public:ident
    ) => {
        /// How many of the encodings, from the first on, are canonical; all before the answer are
        /// decoded.
        ///
        /// # Safety
        /// `count` encodings at `input`, room for `count` points at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $decode_all(
            count: usize,
            input: *const Bytes,
            output: *mut $Point,
        ) -> usize {
            for i in 0..count {
                match $decode(*input.add(i)) {
                    Some(point) => *output.add(i) = point,
                    None => return i,
                }
            }
            count
        }

        /// # Safety
        /// `count` points at `input`, room for `count` encodings at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $encode_all(
            count: usize,
            input: *const $Point,
            output: *mut Bytes,
        ) {
            for i in 0..count {
                *output.add(i) = (*input.add(i)).compress().0;
            }
        }

        /// Encodings of the doubled points.
        ///
        /// # Safety
        /// `count` points at `input`, room for `count` encodings at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $double_all(
            count: usize,
            input: *const $Point,
            output: *mut Bytes,
        ) {
            let points = slice::from_raw_parts(input, count);
            for (i, encoding) in $encode_doubles(points).iter().enumerate() {
                *output.add(i) = *encoding;
            }
        }

        /// # Safety
        /// Points at `left` and `right`, room for one at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $add(
            left: *const $Point,
            right: *const $Point,
            output: *mut $Point,
        ) {
            *output = *left + *right;
        }

        /// # Safety
        /// Points at `left` and `right`, room for one at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $subtract(
            left: *const $Point,
            right: *const $Point,
            output: *mut $Point,
        ) {
            *output = *left - *right;
        }

        /// # Safety
        /// Points at `left` and `right`.
        #[no_mangle]
        pub unsafe extern "C" fn $equal(left: *const $Point, right: *const $Point) -> u32 {
            u32::from(*left == *right)
        }

        /// # Safety
        /// A point at `point`, a scalar at `scalar`, room for a point at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $multiply(
            point: *const $Point,
            scalar: *const Bytes,
            output: *mut $Point,
        ) {
            *output = *point * read_scalar(scalar);
        }

        /// # Safety
        /// A scalar at `scalar`, room for a point at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $multiply_base(scalar: *const Bytes, output: *mut $Point) {
            *output = $Point::mul_base(&read_scalar(scalar));
        }

        /// The sum of products with secret scalars.
        ///
        /// # Safety
        /// `count` points and scalars, room for a point at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $sum_secret(
            count: usize,
            points: *const $Point,
            scalars: *const Bytes,
            output: *mut $Point,
        ) {
            let points = slice::from_raw_parts(points, count);
            *output = $Point::multiscalar_mul(read_scalars(count, scalars), points);
        }

        /// The sum of products with public scalars, by Straus' or Pippenger's method.
        ///
        /// # Safety
        /// `count` points and scalars, room for a point at `output`.
        #[no_mangle]
        pub unsafe extern "C" fn $sum_public(
            count: usize,
            points: *const $Point,
            scalars: *const Bytes,
            output: *mut $Point,
        ) {
            let points = slice::from_raw_parts(points, count);
            *output = $Point::vartime_multiscalar_mul(read_scalars(count, scalars), points);
        }
    };
}

export!(
    RistrettoPoint, decode_ristretto, encode_ristretto_doubles:
    ristretto_decode_all ristretto_encode_all ristretto_encode_doubles
    ristretto_add ristretto_subtract ristretto_equal
    ristretto_multiply ristretto_multiply_base
    ristretto_product_sum_secret ristretto_product_sum_public
);

export!(
    EdwardsPoint, decode_edwards, encode_edwards_doubles:
    edwards_decode_all edwards_encode_all edwards_encode_doubles
    edwards_add edwards_subtract edwards_equal
    edwards_multiply edwards_multiply_base
    edwards_product_sum_secret edwards_product_sum_public
);

/// The one-way map of RFC 9496 from 64 bytes.
///
/// # Safety
/// 64 bytes at `input`, room for a point at `output`.
#[no_mangle]
pub unsafe extern "C" fn ristretto_map_to_group(
    input: *const [u8; 64],
    output: *mut RistrettoPoint,
) {
    *output = RistrettoPoint::from_uniform_bytes(&*input);
}

unsafe fn read_scalar(bytes: *const Bytes) -> Scalar {
    Scalar::from_bytes_mod_order(*bytes)
}

unsafe fn read_scalars(count: usize, scalars: *const Bytes) -> Vec<Scalar> {
    (0..count).map(|i| read_scalar(scalars.add(i))).collect()
}
