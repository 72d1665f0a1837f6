//! Exported logs, read line by line: they may be larger than memory.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::app::Failure;
use crate::desk::chain::Walk;
use crate::desk::event::Event;
use crate::desk::line::{Heading, LOG_FORMAT, Line};
use crate::desk::payload;
use crate::exchange::json;

/// The longest line read: a payload all of whose characters are escaped, and then some.
const MOST_BYTES: u64 = 8 * payload::MAX_BYTES as u64;

/// Lines between two calls of `watch`.
const STRIDE: u64 = 1_000;

/// Shows every event of the log at `path` to `walk`; lines that are none are told to it.
pub(super) fn walk(
    path: &Path,
    walk: &mut Walk,
    watch: &mut dyn FnMut(u64),
) -> Result<(), Failure> {
    let unreadable = |source| Failure::Unreadable { path: path.to_owned(), source };
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut bytes = Vec::new();
    for number in 1_u64.. {
        bytes.clear();
        let read = file.by_ref().take(MOST_BYTES).read_until(b'\n', &mut bytes);
        if read.map_err(unreadable)? == 0 {
            if number == 1 {
                return Err(no_log(path));
            }
            break;
        }
        if number == 1 {
            if line::<Heading>(&bytes).is_ok_and(|heading| heading.format == LOG_FORMAT) {
                continue;
            }
            return Err(no_log(path));
        }
        match line::<Line>(&bytes) {
            Ok(line) => walk.step(&Event::from(line)),
            Err(what) => walk.unreadable(format!("line {number}"), what),
        }
        if number.is_multiple_of(STRIDE) {
            watch(number);
        }
    }
    Ok(())
}

fn no_log(path: &Path) -> Failure {
    let path = path.display();
    Failure::wish(
        format!("{path} 不是导出的日志：首行应为 {{\"format\":\"{LOG_FORMAT}\"}}"),
        format!(
            "{path} is no exported log: its first line should be {{\"format\":\"{LOG_FORMAT}\"}}"
        ),
    )
}

/// What a line says, or the first thing wrong with it.
fn line<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let first = |issues: crate::model::issue::Issues| {
        issues.into_iter().next().map_or_else(String::new, |issue| issue.en)
    };
    json::parse(bytes).map_err(first)?;
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
