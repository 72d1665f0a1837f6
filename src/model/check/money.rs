//! Rules about money: curves, the price of leaving out, and that no sum can overflow. Bounds are
//! reckoned in 128 bits; they are no prices.

use super::{Found, Subject};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::ticket::CurveKind;
use crate::model::work::{Curve, Ticket};
use crate::time::{DAY, Money, Span, Tick};

/// No plan may cost as much, in fen.
pub const LIMIT: i128 = 1 << 62;

/// S214: a curve with two rates. W307: a cap below the fixed part.
pub(super) fn curves(subject: &Subject, found: &mut Found) {
    for (row, ticket) in subject.scenario.tickets.iter().enumerate() {
        for (position, curve) in ticket.curves.iter().enumerate() {
            let path = format!("$.tickets[{row}].curves[{position}]");
            if curve.per_hour_fen > Money::ZERO && curve.per_day_fen > Money::ZERO {
                let issue = Issue::error(
                    "S214",
                    path.clone(),
                    "一条曲线不能既按小时又按天",
                    "a curve cannot grow both per hour and per day",
                );
                found.add(issue.hint("拆成两条曲线", "make two curves of it"));
            }
            if let Some(cap) = curve.cap_fen.filter(|cap| *cap < curve.fixed_fen) {
                let fixed = curve.fixed_fen;
                let issue = Issue::warning(
                    "W307",
                    format!("{path}.cap_fen"),
                    format!("上限 {cap} 低于固定部分 {fixed}，固定部分被截短"),
                    format!("the cap {cap} is below the fixed part {fixed} and cuts it"),
                );
                found.add(issue.hint("核对两个金额（单位：分）", "check both amounts (in fen)"));
            }
        }
    }
}

/// W308: leaving a ticket out is stated to cost less than finishing it at the horizon.
pub(super) fn unserved(subject: &Subject, found: &mut Found) {
    let horizon = subject.work.horizon;
    for (id, ticket) in subject.work.tickets.pairs() {
        let Some((urgency, client_value)) = ticket.unserved else { continue };
        let stated = i128::from(urgency.0) + i128::from(client_value.0);
        let late: i128 = ticket.curves.iter().map(|curve| amount(subject, curve, horizon)).sum();
        if stated < late {
            let (stated, late) = (shown(stated), shown(late));
            found.add(
                Issue::warning(
                    "W308",
                    format!("{}.unserved", subject.ticket_path(id)),
                    format!("不排入的损失 {stated} 低于拖到计划终点的逾期损失 {late}"),
                    format!("leaving it out is stated at {stated}, less than {late} for finishing at the horizon"),
                )
                .hint("提高 unserved，或删去它以自动推算", "raise `unserved`, or remove it to have it derived"),
            );
        }
    }
}

/// What `curve` comes to when the ticket finishes at `finish`, by the calendar's definition.
fn amount(subject: &Subject, curve: &Curve, finish: Tick) -> i128 {
    let late = Span::new(curve.after, finish);
    let (book, clocks) = (&subject.work.book, &subject.work.clocks);
    let (minutes, days) = match curve.calendar {
        _ if late.minutes() == 0 => (0, 0),
        None => (late.minutes(), (late.minutes() + DAY - 1) / DAY),
        Some(clock) if curve.per_day > Money::ZERO => {
            let days = book.open_dates_begun(&clocks[clock], late);
            (days, days)
        }
        Some(clock) => (book.open_minutes(&clocks[clock], late), 0),
    };
    grown(curve, minutes, days)
}

/// The least amount no finish within `minutes` after the curve's point can exceed.
fn most(curve: &Curve, minutes: i64) -> i128 {
    let minutes = minutes.max(0);
    // A calendar's dates are at most one more than the days that pass, begun ones included.
    grown(curve, minutes, (minutes + DAY - 1) / DAY + 1)
}

fn grown(curve: &Curve, minutes: i64, days: i64) -> i128 {
    if minutes == 0 {
        return 0;
    }
    let hourly = (i128::from(curve.per_hour.0) * i128::from(minutes) + 59) / 60;
    let daily = i128::from(curve.per_day.0) * i128::from(days);
    let amount = i128::from(curve.fixed.0) + hourly + daily;
    curve.cap.map_or(amount, |cap| amount.min(i128::from(cap.0)))
}

/// S215: the largest conceivable cost does not fit.
pub(super) fn overflow(subject: &Subject, found: &mut Found) {
    let work = subject.work;
    let mut parts: Vec<(i128, String, String)> =
        work.tickets.ids().map(|id| ticket_part(subject, id)).collect();
    let reach = i128::from(work.reach().minutes());
    let hours = reach / 60 + 1;
    let policy = &work.policy;
    for (id, person) in work.people.pairs() {
        let prices = person.bands.iter().map(|band| i128::from(band.price_per_hour.0));
        let price = prices.sum::<i128>() + i128::from(policy.imbalance.per_hour_fen.0);
        parts.push((price * hours, format!("$.people[{}]", id.index()), person.key.clone()));
    }
    let steps = i128::try_from(work.steps.len()).unwrap_or(i128::MAX);
    let change = policy.change.person_fen.max(policy.change.start_fen);
    let preference = &policy.preference;
    let preferences =
        [preference.off_owner_fen, preference.off_team_fen, preference.client_trip_fen];
    let preferences: i128 = preferences.iter().map(|price| i128::from(price.0)).sum();
    for (field, price) in [("change", i128::from(change.0)), ("preference", preferences)] {
        parts.push((price * steps, format!("$.policy.{field}"), field.to_owned()));
    }
    let total: i128 = parts.iter().map(|part| part.0).sum();
    if total < LIMIT {
        return;
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.0));
    let biggest: Vec<String> =
        parts.iter().take(3).map(|(most, _, name)| format!("{name} {}", shown(*most))).collect();
    let (total, biggest) = (shown(total), biggest.join(", "));
    found.add(
        Issue::error(
            "S215",
            parts[0].1.clone(),
            format!("可能的总费用最高 {total}，超出可计算范围；最大的几项：{biggest}"),
            format!("the cost could reach {total}, more than can be reckoned with; the largest parts: {biggest}"),
        )
        .hint("金额单位是分：核对费率，或写 cap_fen", "amounts are in fen: check the rates, or state `cap_fen`"),
    );
}

/// The most a ticket can cost, late or unserved, weighted or not; its path and key.
fn ticket_part(subject: &Subject, id: Id<Ticket>) -> (i128, String, String) {
    let (work, ticket) = (subject.work, &subject.work.tickets[id]);
    let end = work.reach().end.max(work.horizon + DAY);
    let weight = |kind| match kind {
        CurveKind::Urgency => i128::from(work.policy.lambda_urgency.max(1000)),
        CurveKind::ClientValue => i128::from(work.policy.lambda_client_value.max(1000)),
    };
    let curve = |curve: &Curve| {
        let most =
            if curve.churn { i128::from(curve.fixed.0) } else { most(curve, end - curve.after) };
        most * weight(curve.kind) / 1000 + 1
    };
    let late: i128 = ticket.curves.iter().map(curve).sum();
    let stated = ticket.unserved.map_or(0, |(urgency, client_value)| {
        i128::from(urgency.0) * weight(CurveKind::Urgency) / 1000
            + i128::from(client_value.0) * weight(CurveKind::ClientValue) / 1000
            + 2
    });
    (late.max(stated), subject.ticket_path(id), ticket.key.clone())
}

/// Money too large for [`Money`], roughly.
fn shown(fen: i128) -> String {
    match i64::try_from(fen) {
        Ok(fen) => Money(fen).to_string(),
        Err(_) => format!("¥{}", fen / 100),
    }
}
