//! In time or late: the finish against the promise, what each curve comes to, and whose fault it
//! is that it is not earlier.

use super::binding::Chain;
use super::placed::Placed;
use super::reason::{Fact, Part, Question, Reason, Slot};
use super::scarce::{Hands, scarce};
use crate::calendar::Label;
use crate::id::Id;
use crate::model::proof::HourPrice;
use crate::model::ticket::CurveKind;
use crate::model::work::{Curve, Ticket, Work};
use crate::time::{DAY, Money, Span, Tick};

/// What the finish of a served ticket comes to; of a late one also the dearest hour on its way, by
/// `prices`.
pub(super) fn late(
    placed: &Placed,
    id: Id<Ticket>,
    finish: Tick,
    chain: &Chain,
    prices: &[HourPrice],
) -> Vec<Part> {
    let work = placed.work;
    let ticket = &work.tickets[id];
    let about = |reason| Part::new(Question::Late, reason).key(Slot::Ticket, &ticket.key);
    let mut parts = Vec::new();
    let mut is_late = false;
    match ticket.due {
        None => parts.push(about(Reason::NoDue)),
        Some(due) => {
            is_late = finish > due;
            let reason = if is_late { Reason::Late } else { Reason::OnTime };
            let part = about(reason).at(Slot::At, placed.moment(finish));
            let part = part.at(Slot::Until, placed.moment(due));
            parts.push(if is_late { part.number(Slot::Minutes, finish - due) } else { part });
        }
    }
    for curve in &ticket.curves {
        let amount = amount(work, curve, finish);
        if amount > Money::ZERO {
            is_late = true;
            let part = about(Reason::CurveAmount).at(Slot::Until, placed.moment(curve.after));
            let part = part.amount(Slot::Amount, amount);
            let part = part.amount(Slot::Further, weighted(work, curve.kind, amount));
            parts.push(part.with(Slot::Detail, Fact::Words(kind(curve.kind))));
        }
    }
    if is_late {
        let others = others(work, id, chain);
        parts.extend(match others.is_empty() {
            true => root(chain).map(about),
            false => Some(about(Reason::LateByOthers).with(Slot::OtherTicket, Fact::Keys(others))),
        });
        let mut steps = ticket.steps.clone();
        steps.extend(chain.steps.last());
        let hands = Hands::at_work(placed, &steps);
        let way = (ticket.release, finish - 1);
        parts.extend(scarce(placed, prices, &hands, way, (Question::Late, &ticket.key)));
    }
    parts
}

/// The tickets beside `id` that its chain passes.
fn others(work: &Work, id: Id<Ticket>, chain: &Chain) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for step in &chain.steps {
        let other = work.steps[*step].ticket;
        let key = &work.tickets[other].key;
        if other != id && !others.contains(key) {
            others.push(key.clone());
        }
    }
    others
}

/// What a chain within one ticket says of its lateness, told from its root.
fn root(chain: &Chain) -> Option<Reason> {
    Some(match chain.parts.last()?.reason {
        Reason::PinnedStart | Reason::FrozenStart | Reason::BegunAlready => Reason::LateByPins,
        Reason::NothingInTheWay | Reason::KeptStart | Reason::Improvable | Reason::RuleHolds => {
            Reason::LateBySlack
        }
        // Who took the quota is not told from the chain.
        Reason::QuotaFull => return None,
        _ => Reason::LateByItself,
    })
}

/// What `curve` comes to when the ticket is finished at `finish`.
fn amount(work: &Work, curve: &Curve, finish: Tick) -> Money {
    let span = Span::new(curve.after, finish);
    let clock = curve.calendar.map(|clock| &work.clocks[clock]);
    let minutes = clock.map_or(span.minutes(), |clock| work.book.open_minutes(clock, span));
    if minutes == 0 {
        return Money::ZERO;
    }
    let by_time = if curve.per_day > Money::ZERO {
        let elapsed = (minutes + DAY - 1) / DAY;
        let days = clock.map_or(elapsed, |clock| work.book.open_dates_begun(clock, span));
        curve.per_day.scaled_up(days, 1)
    } else {
        curve.per_hour.scaled_up(minutes, 60)
    };
    let sum = curve.fixed + by_time;
    curve.cap.map_or(sum, |cap| sum.min(cap))
}

fn weighted(work: &Work, kind: CurveKind, amount: Money) -> Money {
    let lambda = match kind {
        CurveKind::Urgency => work.policy.lambda_urgency,
        CurveKind::ClientValue => work.policy.lambda_client_value,
    };
    amount.scaled_up(i64::from(lambda), 1000)
}

fn kind(kind: CurveKind) -> Label {
    match kind {
        CurveKind::Urgency => Label::new("紧急程度", "urgency"),
        CurveKind::ClientValue => Label::new("客户价值", "client value"),
    }
}
