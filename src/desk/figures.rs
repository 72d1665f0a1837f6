//! Figures of the firm's service: how much of the industry's time it takes (R096), and what of an
//! agreement was kept (R120), by which the client accepts the service.

use super::clock::{self, Turn, Turned};
use super::timer::Timer;
use crate::calendar::Book;
use crate::policy::desk::{Benchmark, Compression};

/// How quick an urgent service is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quick {
    /// Tickets.
    pub count: usize,
    /// Minutes from order to signature, on average, rounded up.
    pub minutes: i64,
    /// Thousandths of the industry's time, rounded up.
    pub of_industry: i64,
    /// Thousandths of the firm's own time on the normal track, rounded up (R050).
    pub of_normal: Option<i64>,
    /// Whether that is as much of the industry's time as the firm wants (R096).
    pub is_reached: bool,
}

/// How quick tickets of one service were that took `urgent` milliseconds each, beside `normal`
/// ones; none without a ticket.
#[must_use]
pub fn quick(
    goal: Compression,
    benchmark: &Benchmark,
    urgent: &[i64],
    normal: &[i64],
) -> Option<Quick> {
    let minutes = mean(urgent)?;
    let of = |whole: i64| (whole > 0).then(|| up(i128::from(minutes) * 1000, i128::from(whole)));
    let of_industry = of(i64::from(benchmark.industry_minutes))?;
    let is_reached = of_industry <= i64::from(goal.left_permille());
    let of_normal = mean(normal).and_then(of);
    Some(Quick { count: urgent.len(), minutes, of_industry, of_normal, is_reached })
}

fn mean(times_ms: &[i64]) -> Option<i64> {
    let count = i128::try_from(times_ms.len()).ok().filter(|count| *count > 0)?;
    let whole: i128 = times_ms.iter().map(|one| i128::from(*one)).sum();
    Some(up(whole, count * i128::from(clock::MINUTE)))
}

fn up(part: i128, whole: i128) -> i64 {
    i64::try_from((part + whole - 1).div_euclid(whole)).unwrap_or(i64::MAX)
}

/// How a promise of an agreement was kept in a period (R120).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The clock.
    pub timer: String,
    /// Times it was stopped before it ran out.
    pub kept: u32,
    /// Times it ran out.
    pub broken: u32,
    /// Times it still runs.
    pub open: u32,
    /// Times it was over before it ran out, without what it was for: as a rule, by calling off.
    pub ended: u32,
}

impl Kept {
    /// Thousandths kept of those that are decided; none before one is.
    #[must_use]
    pub fn permille(&self) -> Option<u32> {
        let decided = u64::from(self.kept) + u64::from(self.broken);
        let part = (u64::from(self.kept) * 1000).checked_div(decided)?;
        u32::try_from(part).ok()
    }
}

/// A clock that a ticket has had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Had {
    /// Its kind.
    pub timer: String,
    /// When it started.
    pub begun_ms: i64,
    /// When it ran out, if it did.
    pub out_ms: Option<i64>,
    /// Whether it was stopped.
    pub is_stopped: bool,
    /// Whether what it was for was not done by then.
    pub is_undone: bool,
}

impl Had {
    /// A clock with these turns, the goals it went by among them, as it stands at `now_ms`; none
    /// that was not started.
    #[must_use]
    pub fn read(timer: &Timer, turns: &[Turned], book: &Book, now_ms: i64) -> Option<Had> {
        let begun_ms = turns.iter().find(|turned| turned.1 == Turn::Starts)?.0;
        let reading = clock::read(&timer.rule(book), turns, now_ms);
        let out_ms = reading.out_ms.filter(|_| reading.is_out);
        let is_stopped = reading.state == clock::State::Stopped;
        let is_undone = is_stopped && turns.iter().any(|turned| turned.1 == Turn::Ends);
        Some(Had { timer: timer.id.clone(), begun_ms, out_ms, is_stopped, is_undone })
    }
}

/// The statement of one client (R120): of the clocks his tickets have had, those started from
/// `from_ms` until before `to_ms`. A kind of which none started is left out.
#[must_use]
pub fn statement(clocks: &[Had], (from_ms, to_ms): (i64, i64)) -> Vec<Kept> {
    let mut found: Vec<Kept> = Vec::new();
    for had in clocks.iter().filter(|had| (from_ms..to_ms).contains(&had.begun_ms)) {
        let at = found.iter().position(|kept| kept.timer == had.timer).unwrap_or_else(|| {
            found.push(Kept { timer: had.timer.clone(), kept: 0, broken: 0, open: 0, ended: 0 });
            found.len() - 1
        });
        let kept = &mut found[at];
        match (had.out_ms, had.is_stopped) {
            (Some(_), _) => kept.broken += 1,
            (None, true) if had.is_undone => kept.ended += 1,
            (None, true) => kept.kept += 1,
            (None, false) => kept.open += 1,
        }
    }
    found
}
