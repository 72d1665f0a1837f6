//! The keys that checkpoints are signed and checked with, as files: the secret half for its owner
//! alone, the public half for everybody.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document;
use crate::app::documents::{Text, written};
use crate::app::{Failure, chance, files};
use crate::desk::signature::{PublicKey, SecretKey};
use crate::model::issue::Issue;

/// The `format` of a secret key.
const SECRET_FORMAT: &str = "paidan-audit-key/1";
/// The `format` of a public key.
const PUBLIC_FORMAT: &str = "paidan-audit-public-key/1";

/// What is in every file of a secret key.
const SEED: &[u8] = b"seed";

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SecretFile {
    format: String,
    /// What the key is made from; whoever has it can sign.
    #[schemars(extend("format" = "paidan-hash"))]
    seed: String,
    key: PublicKey,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PublicFile {
    format: String,
    key: PublicKey,
}

/// A key that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeKey {
    /// Where its public half lies.
    pub public: PathBuf,
    /// What it is called.
    pub key: PublicKey,
}

/// Makes a key: the secret half in a new file at `path`, which only its owner may read, the public
/// half beside it as `.pub`.
///
/// # Errors
/// [`Failure::Unwritable`] when either is there already: a key is never overwritten.
pub fn make_key(path: &Path) -> Result<MadeKey, Failure> {
    let key = SecretKey::new(&chance::bytes()?);
    let public = key.public();
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    let name = PathBuf::from(name);
    let open = PublicFile { format: PUBLIC_FORMAT.to_owned(), key: public };
    let closed = SecretFile { format: SECRET_FORMAT.to_owned(), seed: key.seed(), key: public };
    // The public half first: a secret one alone would look complete.
    put(&name, &written(&open), OpenOptions::new())?;
    put(path, &written(&closed), for_the_owner()).inspect_err(|_| {
        // Ours, made just now; beside another secret half it would be the wrong one.
        let _ = fs::remove_file(&name);
    })?;
    Ok(MadeKey { public: name, key: public })
}

#[cfg(unix)]
fn for_the_owner() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn for_the_owner() -> OpenOptions {
    OpenOptions::new()
}

fn put(path: &Path, text: &str, mut options: OpenOptions) -> Result<(), Failure> {
    let opened = options.write(true).create_new(true).open(path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|source| Failure::Unwritable { path: path.to_owned(), source })
}

/// Reads a secret key. What is wrong with it is told by its place alone: a sentence, or the line
/// it stands in, would show what the key is made from.
pub(super) fn secret(path: &Path) -> Result<SecretKey, Failure> {
    let file: SecretFile =
        document(&files::read(path)?, SECRET_FORMAT).map_err(|failure| match failure {
            Failure::Document { text, issues } => no_key(&text.name, &issues),
            other => other,
        })?;
    let key = SecretKey::of_seed(&file.seed).expect("the schema asks for 32 bytes");
    if key.public() != file.key {
        let path = path.display();
        return Err(Failure::wish(
            format!("{path} 中 seed 与 key 不是一对：请用 paidan audit key 重新生成"),
            format!("seed and key in {path} are no pair: make a new one with paidan audit key"),
        ));
    }
    Ok(key)
}

fn no_key(name: &str, issues: &[Issue]) -> Failure {
    let places: Vec<String> = issues
        .iter()
        .map(|issue| match issue.place {
            Some(at) => format!("{}:{} [{}]", at.line, at.column, issue.code),
            None => format!("[{}]", issue.code),
        })
        .collect();
    let places = places.join(", ");
    Failure::wish(
        format!("{name} 不是 paidan audit key 生成的私钥（{places}）：请核对文件"),
        format!(
            "{name} is no secret key as paidan audit key makes them ({places}): check the file"
        ),
    )
}

/// `text`, empty when it may hold what a key is made from, so that no line of it is shown.
pub(super) fn unseen(text: &Text) -> Text {
    let is_secret = text.bytes.windows(SEED.len()).any(|part| part == SEED);
    let bytes = if is_secret { Vec::new() } else { text.bytes.clone() };
    Text { name: text.name.clone(), bytes }
}

/// Reads a public key.
pub(super) fn public(path: &Path) -> Result<PublicKey, Failure> {
    let file: PublicFile = document(&files::read(path)?, PUBLIC_FORMAT)?;
    Ok(file.key)
}
