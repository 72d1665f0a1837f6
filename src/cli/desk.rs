//! `desk`: what is due.

use super::Ending;
use super::args::{Desk, DeskStep};
use super::ticket::{open, print};
use crate::app::Failure;
use crate::app::service::desk::{ShownDue, Sign};
use crate::model::lang::Lang;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// `paidan desk`.
pub(crate) fn run(asked: &Desk, lang: Lang) -> Result<Ending, Failure> {
    match &asked.step {
        DeskStep::Due { until, place } => {
            let (service, owner, now) = open(place)?;
            let until = until.unwrap_or(now.saturating_add(DAY_MS));
            let page = service.desk_due(&owner, until, None, usize::MAX)?;
            print(&page.items, place.format, || {
                page.items.iter().map(|due| line(due, lang)).collect()
            })?;
        }
    }
    Ok(Ending::Done)
}

/// Something that is due, on one line.
fn line(due: &ShownDue, lang: Lang) -> String {
    let sign = match due.sign {
        Sign::Warns => lang.of("预警", "warns"),
        Sign::RunsOut => lang.of("到期", "runs out"),
    };
    let name = lang.of(&due.name.zh, &due.name.en);
    let post = due.post.map(|post| post.label());
    let post = post.map(|post| format!("  → {}", lang.of(post.zh, post.en))).unwrap_or_default();
    format!("{}  {}  {sign}  {name}{post}\n", due.at, due.ticket)
}
