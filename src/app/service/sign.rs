//! Signatures of messages: HMAC-SHA256 (RFC 2104), as receivers of hooks know it.

use crate::desk::hash::Hash;

/// Bytes of a block of SHA-256.
const BLOCK: usize = 64;

/// The HMAC-SHA256 of `message` by `key`, in hexadecimal.
#[must_use]
pub fn signature(key: &[u8], message: &[&[u8]]) -> String {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(Hash::of(key).bytes());
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = block.map(|byte| byte ^ 0x36);
    let inner = Hash::of_all(&[&[inner.as_slice()], message].concat());
    Hash::of_all(&[&block.map(|byte| byte ^ 0x5c), inner.bytes()]).to_string()
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// RFC 4231, cases 1, 2 and 6.
    #[test]
    fn signatures_are_those_of_the_standard() {
        assert_eq!(
            signature(&[0x0b; 20], &[b"Hi ", b"There"]),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            signature(b"Jefe", &[b"what do ya want for nothing?"]),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = [0xaa; 131];
        assert_eq!(
            signature(&long, &[b"Test Using Larger Than Block-Size Key - Hash Key First"]),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
