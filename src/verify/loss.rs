//! What tickets cost: late by their curves, or left out.

use super::report::Report;
use crate::calendar::Opening;
use crate::id::{Column, Id};
use crate::model::cost::{Loss, Weights};
use crate::model::ticket::CurveKind;
use crate::model::work::{Clock, Curve, Ticket, Work};
use crate::time::{DAY, Money, Span, Tick};

/// What each ticket would cost if it finished `minutes` later than `report` says, in the
/// scenario's order; what it costs anyhow when it has no finish.
#[must_use]
pub fn slipped(work: &Work, report: &Report, minutes: i64) -> Vec<Loss> {
    let finish = |id: Id<Ticket>| report.tickets.get(id.index())?.finish.map(|end| end + minutes);
    let weights = report.weights.unwrap_or(work.policy.weights());
    let losses = Losses::new(work, weights, finish);
    let rows = work.tickets.pairs().zip(&report.tickets);
    rows.map(|((id, ticket), row)| match finish(id) {
        Some(finish) => losses.late(ticket, finish),
        None => row.loss,
    })
    .collect()
}

/// Open time of the calendars that curves count in, each told once over the span they need.
pub(super) struct Losses<'a> {
    work: &'a Work,
    weights: Weights,
    clocks: Column<Clock, Counted>,
}

/// One calendar's openings with the open minutes before each, and one more entry for all.
#[derive(Default)]
struct Counted {
    openings: Vec<Opening>,
    before: Vec<i64>,
}

impl Counted {
    fn new(openings: Vec<Opening>) -> Counted {
        let mut before = vec![0];
        let mut sum = 0;
        for opening in &openings {
            sum += opening.span.minutes();
            before.push(sum);
        }
        Counted { openings, before }
    }

    /// Open minutes before `tick`.
    fn until(&self, tick: Tick) -> i64 {
        let done = self.openings.partition_point(|opening| opening.span.end <= tick);
        let part = self.openings.get(done).map_or(0, |o| (tick - o.span.start).max(0));
        self.before.get(done).copied().unwrap_or(0) + part
    }

    /// Dates whose windows have an open minute in `span`.
    fn dates(&self, span: Span) -> i64 {
        let first = self.openings.partition_point(|opening| opening.span.end <= span.start);
        let inside = self.openings[first..].iter().take_while(|o| o.span.start < span.end);
        let mut days: Vec<_> = inside.map(|opening| opening.day).collect();
        days.sort_unstable();
        days.dedup();
        i64::try_from(days.len()).unwrap_or(i64::MAX)
    }
}

impl<'a> Losses<'a> {
    /// Ready for the finishes that `finish` tells and for leaving tickets out.
    pub(super) fn new(
        work: &'a Work,
        weights: Weights,
        finish: impl Fn(Id<Ticket>) -> Option<Tick>,
    ) -> Losses<'a> {
        let mut needed: Column<Clock, Option<Span>> = work.clocks.iter().map(|_| None).collect();
        for (id, ticket) in work.tickets.pairs() {
            let end = finish(id).unwrap_or(left_out_until(work));
            for curve in &ticket.curves {
                if let Some(clock) = curve.calendar.filter(|_| curve.after < end) {
                    let known = needed[clock].unwrap_or(Span::new(curve.after, end));
                    let end = known.end.max(end).min(work.reach().end);
                    let span = Span::new(known.start.min(curve.after), end);
                    needed[clock] = Some(span);
                }
            }
        }
        let counted = work.clocks.pairs().map(|(id, calendar)| match needed[id] {
            Some(span) => Counted::new(work.book.open_spans(calendar, span)),
            None => Counted::default(),
        });
        Losses { work, weights, clocks: counted.collect() }
    }

    /// What finishing `ticket` at `finish` costs. Calendars reach no further than
    /// [`Work::reach`]; what lies beyond counts as closed.
    pub(super) fn late(&self, ticket: &Ticket, finish: Tick) -> Loss {
        let mut loss = Loss::default();
        for curve in &ticket.curves {
            self.add(&mut loss, curve.kind, self.amount(curve, finish));
        }
        loss
    }

    /// What leaving `ticket` out costs: as stated, or its curves one day after the horizon and
    /// churn in full.
    pub(super) fn left_out(&self, id: Id<Ticket>) -> Loss {
        let ticket = &self.work.tickets[id];
        let mut loss = Loss::default();
        if let Some((urgency, client_value)) = ticket.unserved {
            self.add(&mut loss, CurveKind::Urgency, urgency);
            self.add(&mut loss, CurveKind::ClientValue, client_value);
            return loss;
        }
        for curve in &ticket.curves {
            let amount = match curve.churn {
                true => capped(curve, curve.fixed),
                false => self.amount(curve, left_out_until(self.work)),
            };
            self.add(&mut loss, curve.kind, amount);
        }
        loss
    }

    /// Weighted with λ of the kind, rounded up for each curve.
    fn add(&self, loss: &mut Loss, kind: CurveKind, amount: Money) {
        let weights = self.weights;
        let (weight, part) = match kind {
            CurveKind::Urgency => (weights.lambda_urgency, &mut loss.urgency_fen),
            CurveKind::ClientValue => (weights.lambda_client_value, &mut loss.client_value_fen),
        };
        *part += amount;
        loss.weighted_fen += amount.scaled_up(i64::from(weight), 1000);
    }

    fn amount(&self, curve: &Curve, finish: Tick) -> Money {
        let late = Span::new(curve.after, finish);
        let counted = curve.calendar.map(|clock| &self.clocks[clock]);
        let minutes = match counted {
            _ if late.minutes() == 0 => 0,
            Some(counted) => counted.until(finish) - counted.until(curve.after),
            None => late.minutes(),
        };
        if minutes == 0 {
            return Money::ZERO;
        }
        let hours = curve.per_hour.scaled_up(minutes, 60);
        let days = match counted {
            Some(counted) => counted.dates(late),
            None => (minutes + DAY - 1) / DAY,
        };
        capped(curve, curve.fixed + hours + curve.per_day.scaled_up(days, 1))
    }
}

fn capped(curve: &Curve, amount: Money) -> Money {
    curve.cap.map_or(amount, |cap| amount.min(cap))
}

/// When a ticket left out is taken to finish.
fn left_out_until(work: &Work) -> Tick {
    work.horizon + DAY
}
