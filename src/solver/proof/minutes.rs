//! The minutes in which anybody may work, numbered; and of each shift which of them it has.

use crate::calendar::timeline::Timeline;
use crate::problem::{Problem, Shift, TIER_LIMIT};
use crate::time::Tick;

/// Units to a fen: prices of time are far smaller than one.
pub(in crate::solver) const UNIT: i64 = 1 << 20;

/// A stretch of minutes without a break, in ticks and numbers.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: Tick,
    to: Tick,
    number: usize,
}

/// Minutes from the moment planned from to the horizon in which somebody may work.
#[derive(Clone, Debug)]
pub(super) struct Minutes {
    stretches: Vec<Stretch>,
    count: usize,
}

impl Minutes {
    pub(super) fn new(problem: &Problem) -> Minutes {
        let mut windows: Vec<(Tick, Tick)> = Vec::new();
        for shift in problem.shifts.iter() {
            let widest = shift.levels.last().unwrap_or(&shift.regular);
            windows.extend(inside(problem, widest));
        }
        windows.sort_unstable();
        let mut minutes = Minutes { stretches: Vec::new(), count: 0 };
        for (from, to) in windows {
            match minutes.stretches.last_mut() {
                Some(last) if from <= last.to => {
                    minutes.count += usize::try_from((to - last.to).max(0)).expect("a horizon");
                    last.to = last.to.max(to);
                }
                _ => {
                    minutes.stretches.push(Stretch { from, to, number: minutes.count });
                    minutes.count += usize::try_from(to - from).expect("a horizon");
                }
            }
        }
        minutes
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The number of the first minute at or after `tick`; how many there are if none is.
    pub(super) fn next(&self, tick: Tick) -> usize {
        let row = self.stretches.partition_point(|stretch| stretch.to <= tick);
        self.stretches.get(row).map_or(self.count, |stretch| {
            stretch.number + usize::try_from((tick - stretch.from).max(0)).expect("a horizon")
        })
    }

    /// The tick of minute `number`.
    pub(super) fn tick(&self, number: usize) -> Tick {
        let row = self.stretches.partition_point(|stretch| stretch.number <= number) - 1;
        let stretch = self.stretches[row];
        stretch.from + i64::try_from(number - stretch.number).expect("a horizon")
    }

    /// Every minute in order.
    pub(super) fn ticks(&self) -> impl DoubleEndedIterator<Item = Tick> {
        self.stretches.iter().flat_map(|stretch| (stretch.from.0..stretch.to.0).map(Tick))
    }
}

/// The windows of `timeline` between the moment planned from and the horizon.
fn inside(problem: &Problem, timeline: &Timeline) -> Vec<(Tick, Tick)> {
    let (from, to) = (problem.as_of, problem.horizon);
    let windows = timeline
        .windows()
        .iter()
        .map(|window| (window.span.start.max(from), window.span.end.min(to)));
    windows.filter(|(start, end)| start < end).collect()
}

/// Some of the minutes, by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    pub(super) rows: Vec<u32>,
    /// By row: the first one after it that does not follow without a break.
    breaks: Vec<u32>,
}

impl Numbers {
    fn new(rows: Vec<u32>) -> Numbers {
        let mut breaks = vec![0; rows.len()];
        let mut end = rows.len();
        for row in (0..rows.len()).rev() {
            if row + 1 < rows.len() && rows[row + 1] != rows[row] + 1 {
                end = row + 1;
            }
            breaks[row] = row_number(end);
        }
        Numbers { rows, breaks }
    }

    /// The first row whose minute is `minute` or later.
    pub(super) fn row(&self, minute: usize) -> usize {
        self.rows.partition_point(|number| (*number as usize) < minute)
    }

    /// How many minutes from `row` on follow each other without a break.
    pub(super) fn together(&self, row: usize) -> usize {
        self.breaks[row] as usize - row
    }
}

/// The minutes of one shift.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    /// Regular ones.
    pub(super) regular: Numbers,
    /// Regular and extra ones, where there are extra ones.
    pub(super) all: Numbers,
    /// Regular ones before each of `all`.
    pub(super) before: Vec<u32>,
    /// What the extra ones before each of `all` cost; one more entry for all.
    pub(super) paid: Vec<i64>,
    /// By regular one: its row in `all`.
    pub(super) rows: Vec<u32>,
    /// A minute of the cheapest tier.
    pub(super) cheapest: i64,
}

impl Hours {
    /// Those of `shift`; `free`: extra minutes cost nothing, and regular ones may be passed over.
    pub(super) fn new(problem: &Problem, minutes: &Minutes, shift: &Shift, free: bool) -> Hours {
        let numbers = |timeline: &Timeline| -> Vec<u32> {
            let windows = inside(problem, timeline).into_iter();
            let rows = windows.flat_map(|(from, to)| {
                let first = minutes.next(from);
                first..first + usize::try_from(to - from).expect("a horizon")
            });
            rows.map(row_number).collect()
        };
        let widest = shift.levels.last().unwrap_or(&shift.regular);
        let mut hours = Hours {
            regular: Numbers::new(numbers(widest)),
            all: Numbers::default(),
            before: Vec::new(),
            paid: Vec::new(),
            rows: Vec::new(),
            cheapest: 0,
        };
        if free || shift.tiers.is_empty() || shift.tiers.len() >= TIER_LIMIT {
            return hours;
        }
        let regular = Numbers::new(numbers(&shift.regular));
        hours.all = std::mem::replace(&mut hours.regular, regular);
        let mut prices = vec![0_i64; hours.all.rows.len()];
        for tier in &shift.tiers {
            let price = per_minute(tier.price);
            for number in numbers(&tier.minutes) {
                if let Ok(row) = hours.all.rows.binary_search(&number) {
                    prices[row] = price;
                }
            }
        }
        hours.cheapest = shift.tiers.iter().map(|tier| per_minute(tier.price)).min().unwrap_or(0);
        let (mut before, mut paid) = (0, 0);
        for (row, number) in hours.all.rows.iter().enumerate() {
            let is_regular =
                hours.regular.rows.get(before).is_some_and(|regular| regular == number);
            hours.before.push(row_number(before));
            hours.paid.push(paid);
            if is_regular {
                hours.rows.push(row_number(row));
            }
            before += usize::from(is_regular);
            paid += if is_regular { 0 } else { prices[row] };
        }
        hours.paid.push(paid);
        hours
    }
}

pub(super) fn row_number(row: usize) -> u32 {
    u32::try_from(row).expect("a horizon has far fewer minutes than 2^32")
}

/// The dearest hour reckoned with, in fen: less is on the safe side, and all minutes of a horizon
/// at that price still fit.
const DEAREST_HOUR: i64 = 1 << 26;

/// A price per hour as one per minute, in [`UNIT`]s, rounded down.
fn per_minute(price: i64) -> i64 {
    price.min(DEAREST_HOUR) * UNIT / 60
}
