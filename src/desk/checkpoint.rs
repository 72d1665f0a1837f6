//! Checkpoints: one hash over the heads of all streams at a position of the log, signed (R104).
//!
//! Kept where the log is not, a checkpoint fixes every event up to its position: whoever holds it
//! and the public key can tell offline whether a log still is what it was. What came after the
//! last checkpoint, whoever can write the database can write anew; so take them often.
//!
//! The root is the Merkle tree hash of RFC 6962, section 2.1: SHA-256 over a byte 0 and the leaf,
//! or over a byte 1 and the two halves' hashes, the left half being the largest power of two
//! smaller than the whole. Leaves are the streams by kind and key, in the order of their bytes,
//! each as the fields `paidan-head/1`, kind, key, number and hash of its last event, in [`Form`].
//!
//! Signed is [`Form`] of `paidan-checkpoint/1`, position, moment, number of streams and root.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::{Head, Stream};
use super::hash::{Form, Hash};
use super::signature::{PublicKey, SecretKey, Signature};

/// The `format` of a checkpoint.
pub const CHECKPOINT_FORMAT: &str = "paidan-checkpoint/1";

/// The name of the form of a leaf.
const LEAF: &str = "paidan-head/1";

/// What the log was at some position, and who says so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// `paidan-checkpoint/1`.
    pub format: String,
    /// The position of the last event it covers; 0 when there was none.
    pub position: u64,
    /// When it was taken: milliseconds of UTC since 1970.
    pub at_ms: i64,
    /// How many streams there were.
    pub streams: u64,
    /// The Merkle tree hash over their heads.
    pub root: Hash,
    /// Who signed, so that the right key is looked for; worth nothing as a proof by itself.
    pub key: PublicKey,
    /// The signature.
    pub signature: Signature,
}

impl Checkpoint {
    /// What the heads say at `position`, signed with `key`. `heads` come in the order of streams.
    #[must_use]
    pub fn take<'a>(
        position: u64,
        at_ms: i64,
        heads: impl IntoIterator<Item = (&'a Stream, Head)>,
        key: &SecretKey,
    ) -> Checkpoint {
        let (root, streams) = root(heads);
        let signature = key.sign(message(position, at_ms, streams, &root).whole());
        let (format, key) = (CHECKPOINT_FORMAT.to_owned(), key.public());
        Checkpoint { format, position, at_ms, streams, root, key, signature }
    }

    /// Whether the secret half of `key` signed it.
    #[must_use]
    pub fn is_signed_with(&self, key: &PublicKey) -> bool {
        let message = message(self.position, self.at_ms, self.streams, &self.root);
        key.signed(message.whole(), &self.signature)
    }
}

fn message(position: u64, at_ms: i64, streams: u64, root: &Hash) -> Form {
    Form::new(CHECKPOINT_FORMAT).count(position).moment(at_ms).count(streams).hash(root)
}

/// The Merkle tree hash over `heads`, which come in the order of streams, and their number.
#[must_use]
pub fn root<'a>(heads: impl IntoIterator<Item = (&'a Stream, Head)>) -> (Hash, u64) {
    let leaf = |(stream, head): (&Stream, Head)| {
        let form =
            Form::new(LEAF).text(&stream.kind).text(&stream.key).count(head.seq).hash(&head.hash);
        Hash::of_all(&[&[0], form.whole()])
    };
    let leaves: Vec<Hash> = heads.into_iter().map(leaf).collect();
    (tree(&leaves), u64::try_from(leaves.len()).expect("sizes fit 64 bits"))
}

fn tree(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(b""),
        [only] => *only,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(half);
            Hash::of_all(&[&[1], tree(left).bytes(), tree(right).bytes()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Checkpoint, Hash, Head, SecretKey, Stream, root, tree};

    /// The empty tree and the inputs of the test tree that Certificate Transparency publishes;
    /// roots of its first 1, 2, 3, 5 and 8 leaves.
    #[test]
    fn the_tree_is_that_of_rfc_6962() {
        let inputs: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
                0x6e, 0x6f,
            ],
        ];
        let leaves: Vec<Hash> = inputs.iter().map(|input| Hash::of_all(&[&[0], input])).collect();
        for (count, root) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ] {
            assert_eq!(tree(&leaves[..count]).to_string(), root, "{count} leaves");
        }
    }

    #[test]
    fn every_head_counts_in_the_root_and_every_field_in_the_signature() {
        let streams = [Stream::new("ticket", "T-1"), Stream::new("ticket", "T-2")];
        let heads = |seq| streams.iter().map(move |s| (s, Head { seq, hash: Hash::of(b"x") }));
        assert_ne!(root(heads(1)), root(heads(2)));
        let key = SecretKey::new(&[7; 32]);
        let taken = Checkpoint::take(2, 1_000, heads(1), &key);
        assert!(taken.is_signed_with(&key.public()));
        assert!(!taken.is_signed_with(&SecretKey::new(&[8; 32]).public()));
        let root = Hash::of(b"");
        for other in [
            Checkpoint { position: 3, ..taken.clone() },
            Checkpoint { at_ms: 1_001, ..taken.clone() },
            Checkpoint { streams: 3, ..taken.clone() },
            Checkpoint { root, ..taken.clone() },
        ] {
            assert!(!other.is_signed_with(&key.public()));
        }
    }
}
