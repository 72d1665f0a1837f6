//! What is promised for when, and what breaking the promise costs. Must not know people.

use super::dates::Dates;
use super::queue::unchanged;
use crate::calendar::{Label, Moment};
use crate::model::ticket::{Adjust, Curve, CurveKind, Ticket, Track, UnservedPrice};
use crate::solver::rng::Rng;
use crate::time::Money;

/// What promises are drawn from.
pub(super) struct Promises<'a> {
    /// Working days.
    pub(super) dates: &'a Dates,
    /// Length of the critical window.
    pub(super) days: usize,
}

/// What is known of a ticket when its promise is made.
pub(super) struct Promised<'a> {
    /// Its service, as the first office calls it.
    pub(super) service: &'a str,
    /// When it would finish if it were alone.
    pub(super) alone: Moment,
    /// Whether nothing of it has begun.
    pub(super) open: bool,
}

/// Hours and minutes at which promises end.
const NOON: (u16, u16) = (12, 0);
const EVENING: (u16, u16) = (18, 0);
const STATUTORY: (u16, u16) = (23, 0);

impl Promises<'_> {
    /// Sets due time, curves and prices of `ticket`, of which `promised` is known.
    pub(super) fn make(&self, rng: &mut Rng, promised: &Promised, ticket: &mut Ticket) {
        let statutory = promised.service == "filing" && ticket.track == Track::Normal;
        if promised.service == "health-check" {
            return self.leisure(rng, ticket);
        }
        let urgent = ticket.track == Track::Urgent;
        let hopeless = rng.chance(if urgent { 70 } else { 25 });
        let soon = self.dates.index_of(promised.alone.day());
        let last = self.days.saturating_sub(1);
        let (index, (hour, minute)) = if hopeless {
            (soon.saturating_sub(1 + rng.below(2)), EVENING)
        } else if statutory {
            ((self.days * 6 / 10).max(soon), STATUTORY)
        } else if urgent {
            let index = soon + *rng.pick(&[0, 0, 0, 1, 1, 2]);
            (index, if rng.chance(300) && index > soon { NOON } else { EVENING })
        } else {
            (soon + rng.below(last.saturating_sub(soon) + 2), EVENING)
        };
        let due = self.dates.at(index, hour, minute);
        ticket.due = Some(due);
        ticket.curves = if statutory {
            if promised.open && !hopeless {
                hard_close(rng, ticket, due);
            }
            vec![fine(rng), displeasure(rng)]
        } else if urgent {
            vec![damages(rng)]
        } else if rng.chance(250) {
            vec![loss(rng), displeasure(rng)]
        } else {
            vec![displeasure(rng)]
        };
    }

    /// No promise: a price for leaving it out, and a little for each hour after the window.
    fn leisure(&self, rng: &mut Rng, ticket: &mut Ticket) {
        let after = Some(self.dates.at(self.days - 1, 18, 0));
        ticket.curves = vec![Curve { after, per_hour_fen: Money(1_000), ..displeasure(rng) }];
        let client_value_fen = Money(rng.range(20, 80) * 10_000);
        ticket.unserved = Some(UnservedPrice { urgency_fen: Money::ZERO, client_value_fen });
    }
}

/// Some filings cannot be handed in at all later (H8).
fn hard_close(rng: &mut Rng, ticket: &mut Ticket, due: Moment) {
    if rng.chance(150) {
        ticket.adjust.push(Adjust { latest_end: Some(due), ..unchanged("file") });
    }
}

fn curve(kind: CurveKind, zh: &str, en: &str) -> Curve {
    Curve {
        kind,
        after: None,
        calendar: None,
        fixed_fen: Money::ZERO,
        per_hour_fen: Money::ZERO,
        per_day_fen: Money::ZERO,
        cap_fen: None,
        reason: Some(Label::new(zh, en)),
    }
}

fn fine(rng: &mut Rng) -> Curve {
    let per_day = rng.range(4, 90) * 1_000;
    Curve {
        per_day_fen: Money(per_day),
        cap_fen: Some(Money(per_day * 30)),
        ..curve(CurveKind::Urgency, "按日加收滞纳金与罚款", "late fees and fines by the day")
    }
}

fn damages(rng: &mut Rng) -> Curve {
    // Mostly some hundreds, now and then a contract that costs tens of thousands of yuan.
    let size = *rng.pick(&[1, 1, 2, 3, 5, 8, 20, 50]);
    Curve {
        fixed_fen: Money(if rng.chance(600) { size * 100_000 } else { 0 }),
        per_hour_fen: Money(size * 4_000),
        ..curve(CurveKind::Urgency, "合同违约金", "contract damages")
    }
}

fn loss(rng: &mut Rng) -> Curve {
    Curve {
        calendar: Some("office".to_owned()),
        per_hour_fen: Money(rng.range(6, 40) * 1_000),
        ..curve(CurveKind::Urgency, "客户损失", "the client's own loss")
    }
}

fn displeasure(rng: &mut Rng) -> Curve {
    Curve {
        calendar: Some("office".to_owned()),
        per_hour_fen: Money(rng.range(2, 15) * 1_000),
        ..curve(CurveKind::ClientValue, "客户不满", "the client's displeasure")
    }
}
