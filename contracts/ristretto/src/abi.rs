//! What JavaScript calls.

use alloc::vec::Vec;
use core::slice;
use curve25519_dalek::{
    ristretto::CompressedRistretto,
    traits::{MultiscalarMul, VartimeMultiscalarMul},
    RistrettoPoint, Scalar,
};

type Bytes = [u8; 32];

#[no_mangle]
pub extern "C" fn point_bytes() -> usize {
    core::mem::size_of::<RistrettoPoint>()
}

/// How many of the encodings, from the first on, are canonical; all before the answer are decoded.
///
/// # Safety
/// `count` encodings at `input`, room for `count` points at `output`.
#[no_mangle]
pub unsafe extern "C" fn decode_all(
    count: usize,
    input: *const Bytes,
    output: *mut RistrettoPoint,
) -> usize {
    for i in 0..count {
        match CompressedRistretto(*input.add(i)).decompress() {
            Some(point) => *output.add(i) = point,
            None => return i,
        }
    }
    count
}

/// # Safety
/// `count` points at `input`, room for `count` encodings at `output`.
#[no_mangle]
pub unsafe extern "C" fn encode_all(
    count: usize,
    input: *const RistrettoPoint,
    output: *mut Bytes,
) {
    for i in 0..count {
        *output.add(i) = (*input.add(i)).compress().0;
    }
}

/// Encodings of the doubled points, with one inversion for all.
///
/// # Safety
/// `count` points at `input`, room for `count` encodings at `output`.
#[no_mangle]
pub unsafe extern "C" fn encode_doubles(
    count: usize,
    input: *const RistrettoPoint,
    output: *mut Bytes,
) {
    let points = slice::from_raw_parts(input, count);
    for (i, encoding) in RistrettoPoint::double_and_compress_batch(points).iter().enumerate() {
        *output.add(i) = encoding.0;
    }
}

/// The one-way map of RFC 9496 from 64 bytes.
///
/// # Safety
/// 64 bytes at `input`, room for a point at `output`.
#[no_mangle]
pub unsafe extern "C" fn map_to_group(input: *const [u8; 64], output: *mut RistrettoPoint) {
    *output = RistrettoPoint::from_uniform_bytes(&*input);
}

/// # Safety
/// Points at `left` and `right`, room for one at `output`.
#[no_mangle]
pub unsafe extern "C" fn add(
    left: *const RistrettoPoint,
    right: *const RistrettoPoint,
    output: *mut RistrettoPoint,
) {
    *output = *left + *right;
}

/// # Safety
/// Points at `left` and `right`, room for one at `output`.
#[no_mangle]
pub unsafe extern "C" fn subtract(
    left: *const RistrettoPoint,
    right: *const RistrettoPoint,
    output: *mut RistrettoPoint,
) {
    *output = *left - *right;
}

/// # Safety
/// Points at `left` and `right`.
#[no_mangle]
pub unsafe extern "C" fn equal(left: *const RistrettoPoint, right: *const RistrettoPoint) -> u32 {
    u32::from(*left == *right)
}

/// # Safety
/// A point at `point`, a scalar at `scalar`, room for a point at `output`.
#[no_mangle]
pub unsafe extern "C" fn multiply(
    point: *const RistrettoPoint,
    scalar: *const Bytes,
    output: *mut RistrettoPoint,
) {
    *output = *point * read_scalar(scalar);
}

/// # Safety
/// A scalar at `scalar`, room for a point at `output`.
#[no_mangle]
pub unsafe extern "C" fn multiply_base(scalar: *const Bytes, output: *mut RistrettoPoint) {
    *output = RistrettoPoint::mul_base(&read_scalar(scalar));
}

/// The sum of products with secret scalars.
///
/// # Safety
/// `count` points and scalars, room for a point at `output`.
#[no_mangle]
pub unsafe extern "C" fn product_sum_secret(
    count: usize,
    points: *const RistrettoPoint,
    scalars: *const Bytes,
    output: *mut RistrettoPoint,
) {
    let points = slice::from_raw_parts(points, count);
    *output = RistrettoPoint::multiscalar_mul(read_scalars(count, scalars), points);
}

/// The sum of products with public scalars, by Straus' or Pippenger's method.
///
/// # Safety
/// `count` points and scalars, room for a point at `output`.
#[no_mangle]
pub unsafe extern "C" fn product_sum_public(
    count: usize,
    points: *const RistrettoPoint,
    scalars: *const Bytes,
    output: *mut RistrettoPoint,
) {
    let points = slice::from_raw_parts(points, count);
    *output = RistrettoPoint::vartime_multiscalar_mul(read_scalars(count, scalars), points);
}

unsafe fn read_scalar(bytes: *const Bytes) -> Scalar {
    Scalar::from_bytes_mod_order(*bytes)
}

unsafe fn read_scalars(count: usize, scalars: *const Bytes) -> Vec<Scalar> {
    (0..count).map(|i| read_scalar(scalars.add(i))).collect()
}
